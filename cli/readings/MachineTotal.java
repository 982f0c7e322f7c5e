package cli.readings;

import static collectors.DeviceSample.UNAVAILABLE;

import energy.TelemetryReading;
import energy.TotalReading;

/** The total of a reading: all that is measured, without counting anything twice. */
public final class MachineTotal {

    private static final TotalReading UNKNOWN = TotalReading.newBuilder().setPowerWatts(UNAVAILABLE)
            .setEnergyJoules(UNAVAILABLE).setProblem("the monitor is too old to tell a total: update it").build();

    private MachineTotal() {
    }

    /** As the monitor computed it; a monitor too old for that leaves it unavailable. */
    public static TotalReading of(TelemetryReading reading) {
        return reading.getDetails().hasTotal() ? reading.getDetails().getTotal() : UNKNOWN;
    }
}
