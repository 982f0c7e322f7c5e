//SOURCES Broadcast.java
//SOURCES CloseLooks.java
//SOURCES CollectorLoop.java
//SOURCES Demand.java
//SOURCES Description.java
//SOURCES DeviceSearch.java
//SOURCES Mailbox.java
//SOURCES Pace.java
//SOURCES ReadingMaker.java
//SOURCES Sampler.java
//SOURCES Sensors.java
//SOURCES Slot.java
//SOURCES Slots.java
//SOURCES SweepTimes.java

/**
 * Asks the collectors at the sampling interval and hands the readings out to whoever listens.
 */
package telemetry.sampling;
