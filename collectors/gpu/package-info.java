//SOURCES AmdCollector.java
//SOURCES AmdEnergy.java
//SOURCES AmdModels.java
//SOURCES AmdSmi.java
//SOURCES AmdSource.java
//SOURCES AmdSysfs.java
//SOURCES DeviceSelection.java
//SOURCES NativeSearch.java
//SOURCES NvidiaCollector.java
//SOURCES Nvml.java
//SOURCES RocmSmi.java
//SOURCES SensorQuery.java

/**
 * GPUs through their vendors' libraries: NVML, ROCm SMI and AMD SMI over JNA, and the files of the amdgpu driver.
 */
package collectors.gpu;
