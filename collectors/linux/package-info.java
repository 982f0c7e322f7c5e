//SOURCES BatteryCollector.java
//SOURCES HwmonCollector.java
//SOURCES HwmonPlatform.java
//SOURCES RaplCollector.java
//SOURCES RuntimeSuspend.java
//SOURCES SysfsFile.java
//SOURCES SysfsFolder.java

/**
 * Sensors that the Linux kernel shows as files: powercap (RAPL), hwmon, batteries; and how such files are read.
 */
package collectors.linux;
