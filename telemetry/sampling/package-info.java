//SOURCES Broadcast.java
//SOURCES CollectorLoop.java
//SOURCES EnergyQuery.java
//SOURCES EnergyRequestException.java
//SOURCES Mailbox.java
//SOURCES MonotonicClock.java
//SOURCES Pace.java
//SOURCES Sampler.java
//SOURCES Sensors.java
//SOURCES SweepTimes.java

/**
 * Asks the collectors at the sampling interval and hands the readings out to whoever listens.
 */
package telemetry.sampling;
