//SOURCES AuxiliaryTotals.java
//SOURCES CounterComparison.java
//SOURCES CounterCurve.java
//SOURCES CounterInterval.java
//SOURCES CounterTrack.java
//SOURCES CpuFields.java
//SOURCES DeviceState.java
//SOURCES DrawLimits.java
//SOURCES EnergyCounter.java
//SOURCES EnergyInterval.java
//SOURCES EnergySource.java
//SOURCES EnergyTimeline.java
//SOURCES LiveEnergy.java
//SOURCES LoadForecast.java
//SOURCES Looks.java
//SOURCES MachineTotal.java
//SOURCES MeteredDevice.java
//SOURCES Overlaps.java
//SOURCES PowerIntegral.java
//SOURCES PowerInterval.java
//SOURCES PowerSuitability.java
//SOURCES PowerTrace.java
//SOURCES RhythmSearch.java
//SOURCES SampleCheck.java
//SOURCES StampClock.java
//SOURCES StepHistory.java
//SOURCES StepInterval.java
//SOURCES StepMoments.java
//SOURCES StepRhythm.java
//SOURCES StepShape.java
//SOURCES Totals.java
//SOURCES TruncatedNormal.java

/**
 * Joules and watts per device, their sums, and what overlaps what. No threads, no I/O, no clock of its own; imports
 * nothing of the other rooms but the samples of the collectors.
 */
package telemetry.accounting;
