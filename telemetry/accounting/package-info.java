//SOURCES steps/package-info.java
//SOURCES AuxiliaryTotals.java
//SOURCES CounterCurve.java
//SOURCES CounterInterval.java
//SOURCES CounterTrack.java
//SOURCES CpuFields.java
//SOURCES DeviceState.java
//SOURCES EnergyInterval.java
//SOURCES EnergySource.java
//SOURCES EnergyTimeline.java
//SOURCES JointPeak.java
//SOURCES LiveEnergy.java
//SOURCES MachineTotal.java
//SOURCES MeteredDevice.java
//SOURCES Overlaps.java
//SOURCES PowerInterval.java
//SOURCES SampleCheck.java
//SOURCES ToldPower.java
//SOURCES TotalPeaks.java
//SOURCES Totals.java

/**
 * Joules and watts per device, their sums, and what overlaps what. No threads, no I/O, no clock of its own; imports
 * nothing of the other rooms but the samples of the collectors.
 */
package telemetry.accounting;
