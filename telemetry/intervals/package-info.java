//SOURCES EnergyAnswer.java
//SOURCES EnergyQueries.java
//SOURCES EnergyRequestException.java
//SOURCES MonotonicClock.java
//SOURCES PowerSecond.java
//SOURCES PowerSeconds.java

/**
 * What was used between two moments: questions that wait for their answers, and each second as soon as it is known.
 */
package telemetry.intervals;
