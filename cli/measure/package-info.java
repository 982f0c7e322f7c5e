//SOURCES process/package-info.java
//SOURCES Comparison.java
//SOURCES CsvReport.java
//SOURCES EnergyText.java
//SOURCES Figure.java
//SOURCES JoinedEnergy.java
//SOURCES JsonReport.java
//SOURCES MeasureCommand.java
//SOURCES Measurement.java
//SOURCES Readiness.java
//SOURCES ReportFile.java
//SOURCES Results.java
//SOURCES Run.java
//SOURCES Spread.java
//SOURCES Steadiness.java
//SOURCES Stopwatch.java
//SOURCES Summary.java
//SOURCES TextReport.java

/**
 * {@code measure}: the energy of a command, of several that are compared, or of a process that runs.
 */
package cli.measure;
