//SOURCES BoundedBody.java
//SOURCES CertificateTrust.java
//SOURCES Credentials.java
//SOURCES DcmiPower.java
//SOURCES FineCounter.java
//SOURCES IpmiSource.java
//SOURCES JsonPath.java
//SOURCES JsonSource.java
//SOURCES Meter.java
//SOURCES MeterCollector.java
//SOURCES MeterException.java
//SOURCES MeterHttp.java
//SOURCES MeterKeys.java
//SOURCES MeterSettings.java
//SOURCES MeterSource.java
//SOURCES RedfishChassis.java
//SOURCES RedfishLogin.java
//SOURCES RedfishPower.java
//SOURCES RedfishSource.java

/**
 * Meters of the whole machine that are asked over a network or by a command, each in a thread of its own: a machine's
 * controller over Redfish or IPMI, an outlet that answers with JSON. They are slow and may hang: whoever collects gets
 * the latest value with its age.
 */
package collectors.meters;
