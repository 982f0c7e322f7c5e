//SOURCES Nvml.java
//SOURCES NvmlActivity.java
//SOURCES NvmlAnswer.java
//SOURCES NvmlFields.java
//SOURCES NvmlGpm.java
//SOURCES NvmlGpu.java
//SOURCES NvmlIdentity.java
//SOURCES NvmlReadings.java
//SOURCES NvmlSensors.java

/**
 * NVIDIA's management library: its functions, bound with JNA direct mapping, and what one GPU says through them. Names,
 * signatures, codes and units are those of nvml.h.
 */
package collectors.gpu.nvml;
