package telemetry.accounting;

import static collectors.DeviceSample.isAvailable;

/**
 * The joules since the first sample for a stream that cannot be corrected later. They never fall. Once a counter is
 * believed they are what it has counted since it was first read, even if power told less meanwhile.
 */
final class LiveEnergy {

    private double counterOffset;
    private double powerOffset;
    private boolean isIntegrating = true;
    private double shown;

    /** The counter is read for the first time: it counts on from what is shown now. */
    void beginCounter() {
        counterOffset = shown;
    }

    /** What to show when the counter has counted so much since it was first read. */
    double byCounter(double joules) {
        isIntegrating = false;
        return atLeast(counterOffset + joules);
    }

    /** What to show when power adds up to so much since the first sample. Power goes on from what the counter told. */
    double byPower(double joules) {
        if (!isIntegrating) {
            isIntegrating = true;
            powerOffset = shown - joules;
        }
        return atLeast(powerOffset + joules);
    }

    private double atLeast(double joules) {
        shown = isAvailable(joules) ? Math.max(shown, joules) : shown;
        return shown;
    }

    /** What was shown last. */
    double shown() {
        return shown;
    }
}
