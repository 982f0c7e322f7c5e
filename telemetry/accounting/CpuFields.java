package telemetry.accounting;

import java.util.Locale;

/** Where the wire has the CPU packages of a monitor whose primary sensors are the CPU's own. */
public enum CpuFields {
    /** Packages and DRAM together in fields 1 and 2, as for any other platform. */
    COMBINED,
    /** Packages in fields 10 and 11; fields 1 and 2 are unavailable. For clients that take fields 1 and 2 for a GPU's. */
    SEPARATE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
