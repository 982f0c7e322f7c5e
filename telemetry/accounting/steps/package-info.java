//SOURCES AveragedPower.java
//SOURCES CounterComparison.java
//SOURCES DrawLimits.java
//SOURCES EnergyCounter.java
//SOURCES LoadForecast.java
//SOURCES Looks.java
//SOURCES MoveGaps.java
//SOURCES PowerIntegral.java
//SOURCES PowerSuitability.java
//SOURCES PowerTrace.java
//SOURCES RhythmSearch.java
//SOURCES Ring.java
//SOURCES StampClock.java
//SOURCES StepHistory.java
//SOURCES StepInterval.java
//SOURCES StepMoments.java
//SOURCES StepRhythm.java
//SOURCES StepShape.java
//SOURCES TruncatedNormal.java

/**
 * What was seen of one device: where its energy counter stood when, at what rhythm it steps, and its power meanwhile; and
 * the mathematics that tells more closely when a step was and what the curve between two steps looks like.
 */
package telemetry.accounting.steps;
