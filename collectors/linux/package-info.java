//SOURCES BatteryCollector.java
//SOURCES HwmonChannel.java
//SOURCES HwmonChip.java
//SOURCES HwmonCollector.java
//SOURCES HwmonPlatform.java
//SOURCES HwmonRail.java
//SOURCES JetsonCollector.java
//SOURCES PciNames.java
//SOURCES RaplCollector.java
//SOURCES RaplZone.java
//SOURCES RuntimeSuspend.java
//SOURCES SysfsFile.java
//SOURCES SysfsFolder.java

/**
 * Sensors that the Linux kernel shows as files: powercap (RAPL), hwmon, batteries; and how such files are read.
 */
package collectors.linux;
