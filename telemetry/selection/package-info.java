//SOURCES DeviceNames.java
//SOURCES Selection.java
//SOURCES Selections.java
//SOURCES Surroundings.java
//SOURCES UnknownDeviceException.java

/**
 * Readings of some of the devices only, for clients that share a monitor: who is meant by which name, and what is theirs.
 */
package telemetry.selection;
