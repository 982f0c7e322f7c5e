//SOURCES Broadcast.java
//SOURCES CloseLooks.java
//SOURCES CollectorLoop.java
//SOURCES Demand.java
//SOURCES DeviceSearch.java
//SOURCES EnergyAnswer.java
//SOURCES EnergyQueries.java
//SOURCES EnergyRequestException.java
//SOURCES Mailbox.java
//SOURCES MonotonicClock.java
//SOURCES Pace.java
//SOURCES PowerSecond.java
//SOURCES PowerSeconds.java
//SOURCES ReadingMaker.java
//SOURCES Sampler.java
//SOURCES Sensors.java
//SOURCES Slot.java
//SOURCES SweepTimes.java

/**
 * Asks the collectors at the sampling interval and hands the readings out to whoever listens.
 */
package telemetry.sampling;
