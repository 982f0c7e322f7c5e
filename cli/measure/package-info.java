//SOURCES ChildCommand.java
//SOURCES EnergyLedger.java
//SOURCES EnergySpan.java
//SOURCES EnergyStopwatch.java
//SOURCES MeasureCommand.java
//SOURCES MeasureReport.java
//SOURCES Spread.java

/**
 * {@code measure}: the energy of a command, or of a span of time.
 */
package cli.measure;
