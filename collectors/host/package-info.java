//SOURCES FileExposure.java
//SOURCES Host.java
//SOURCES HostInfo.java
//SOURCES HostMemory.java
//SOURCES LinuxHost.java
//SOURCES NativeHeap.java
//SOURCES OperatingSystem.java
//SOURCES OshiHost.java
//SOURCES TimerResolution.java

/**
 * The machine itself: its name, operating system, CPU and memory.
 */
package collectors.host;
