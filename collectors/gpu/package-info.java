//SOURCES AmdCard.java
//SOURCES AmdChip.java
//SOURCES AmdSmi.java
//SOURCES AmdSource.java
//SOURCES AmdSysfs.java
//SOURCES DeviceSelection.java
//SOURCES GpuCollector.java
//SOURCES GpuDevice.java
//SOURCES GpuPlatforms.java
//SOURCES GpuSource.java
//SOURCES IdleRelease.java
//SOURCES NativeSearch.java
//SOURCES NvidiaCards.java
//SOURCES NvmlSource.java
//SOURCES PciFolder.java
//SOURCES RocmSmi.java
//SOURCES SensorQuery.java
//SOURCES nvml/package-info.java

/**
 * GPUs through their vendors' libraries: one collector over NVML, ROCm SMI and AMD SMI, bound with JNA, and the files of
 * the amdgpu driver.
 */
package collectors.gpu;
