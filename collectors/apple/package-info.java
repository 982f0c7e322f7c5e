//SOURCES powermetrics/package-info.java
//SOURCES AppleClock.java
//SOURCES AppleCollector.java
//SOURCES AppleLibraries.java
//SOURCES AppleOpening.java
//SOURCES AppleSensors.java
//SOURCES ChipChannels.java
//SOURCES CoreFoundation.java
//SOURCES CountedPart.java
//SOURCES EnergyChannel.java
//SOURCES GpuStatistics.java
//SOURCES IoKit.java
//SOURCES IoReport.java
//SOURCES MachClock.java
//SOURCES PowermetricsFallback.java
//SOURCES SystemPower.java

/**
 * Apple's machines: through IOReport, the SMC and the registry without privilege, else through powermetrics below.
 */
package collectors.apple;
