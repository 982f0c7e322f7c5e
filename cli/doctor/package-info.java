//SOURCES CounterProbe.java
//SOURCES DoctorCommand.java
//SOURCES DoctorReport.java
//SOURCES SensorRates.java

/**
 * {@code doctor}: what can be measured here, what cannot, and what to do about it.
 */
package cli.doctor;
