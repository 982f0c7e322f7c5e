//SOURCES FirstDevices.java
//SOURCES LocalTelemetry.java
//SOURCES MachineTotal.java
//SOURCES RemoteTelemetry.java
//SOURCES TargetOptions.java
//SOURCES Telemetry.java
//SOURCES TelemetryOptions.java

/**
 * Where a command's readings come from: the sensors of this machine, or a monitor elsewhere.
 */
package cli.readings;
