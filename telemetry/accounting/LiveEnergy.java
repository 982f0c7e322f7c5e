package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

/**
 * The joules since the first sample for a stream that cannot be corrected later: they never fall, and where the source
 * changes they go on from what was shown.
 */
final class LiveEnergy {

    private EnergySource source = EnergySource.UNAVAILABLE;
    private double offset;
    private double shown;

    /** What to show at a moment at which so much is known by that source. */
    double at(double known, EnergySource from) {
        if (!isAvailable(known)) {
            return shown;
        }
        if (from != source) {
            offset = shown - known;
            source = from;
        }
        shown = Math.max(shown, known + offset);
        return shown;
    }
}
