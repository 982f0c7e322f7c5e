package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;

/** A counter of IOReport's energy model. Refilled at every sample. */
final class EnergyChannel {

    final String name;
    /** As the driver has it, such as {@code mJ}. */
    final String unit;
    /** The name as CoreFoundation has it, kept until the subscription is closed. */
    final long nameObject;
    private final double joulesPerUnit;

    /** Joules since the driver began to count; unavailable when the latest sample does not have it. */
    double joules = UNAVAILABLE;
    /** When the driver published it, in nanoseconds of the kernel's clock; 0 when it does not say. */
    long stampNanos;

    EnergyChannel(String name, String unit, long nameObject) {
        this.name = name;
        this.unit = unit;
        this.nameObject = nameObject;
        joulesPerUnit = joulesPer(unit);
    }

    /** Whether its unit is known to be one of energy. */
    boolean countsEnergy() {
        return joulesPerUnit > 0;
    }

    /** Takes in what a sample says. */
    void fill(long value, long publishedNanos) {
        joules = value >= 0 && countsEnergy() ? value * joulesPerUnit : UNAVAILABLE;
        stampNanos = publishedNanos;
    }

    void clear() {
        joules = UNAVAILABLE;
        stampNanos = 0;
    }

    /** Joules of a unit by its label; unavailable for a label that is not one of energy. */
    static double joulesPer(String label) {
        return switch (label) {
            case "J" -> 1;
            case "mJ" -> 1e-3;
            case "uJ", "µJ" -> 1e-6;
            case "nJ" -> 1e-9;
            default -> UNAVAILABLE;
        };
    }
}
