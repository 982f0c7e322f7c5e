//SOURCES CounterProbe.java
//SOURCES Diagnosis.java
//SOURCES DoctorCommand.java
//SOURCES DoctorJson.java
//SOURCES DoctorText.java
//SOURCES SensorRates.java
//SOURCES VendorTool.java

/**
 * {@code doctor}: what is measured here, how well, and what is missing.
 */
package cli.doctor;
