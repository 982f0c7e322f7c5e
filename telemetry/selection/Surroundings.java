package telemetry.selection;

import telemetry.accounting.AuxiliaryTotals;

/** What readings of the same moment have in common, whichever devices they are of. Refilled for every reading. */
public final class Surroundings {

    /** Of the machine; not to be changed. */
    public final AuxiliaryTotals auxiliary;
    /** Milliseconds between two readings. */
    public final long intervalMillis;
    /** Another number whenever there are other states of devices. */
    public int devicesVersion;
    /** Unix time of the reading. */
    public long unixNanos;
    /** MiB. */
    public double hostMemoryUsedMb;
    /** How long the slowest collector took to answer. */
    public double sweepMillis;

    public Surroundings(AuxiliaryTotals auxiliary, long intervalMillis) {
        this.auxiliary = auxiliary;
        this.intervalMillis = intervalMillis;
    }
}
