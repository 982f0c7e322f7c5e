//SOURCES accounting/package-info.java
//SOURCES sampling/package-info.java
//SOURCES selection/package-info.java
//SOURCES wire/package-info.java

/**
 * What the sensors' values mean. Knows neither gRPC nor HTTP nor the terminal.
 */
package telemetry;
