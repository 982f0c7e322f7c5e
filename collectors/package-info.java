//SOURCES apple/package-info.java
//SOURCES gpu/package-info.java
//SOURCES host/package-info.java
//SOURCES linux/package-info.java
//SOURCES meters/package-info.java
//SOURCES registry/package-info.java
//SOURCES Accounting.java
//SOURCES Backoff.java
//SOURCES CollectorContext.java
//SOURCES CollectorUnavailableException.java
//SOURCES DeviceKind.java
//SOURCES DeviceSample.java
//SOURCES GpuInfo.java
//SOURCES NoSuchDeviceException.java
//SOURCES OptionWithoutEffectException.java
//SOURCES TelemetryCollector.java
//SOURCES Units.java

/**
 * What the hardware says, raw, one device at a time. At this level stands what the author of a collector needs:
 * {@link collectors.TelemetryCollector}, the samples it fills, and the reasons it can give. The collectors
 * themselves live in the folders below, by where they read. Imports nothing of the other rooms.
 */
package collectors;
