package telemetry.accounting;

/** Where joules come from. */
public enum EnergySource {
    /** Nothing is known. */
    UNAVAILABLE,
    /** A hardware energy counter. */
    COUNTER,
    /** Power integrated over time: an estimate. */
    INTEGRATED
}
