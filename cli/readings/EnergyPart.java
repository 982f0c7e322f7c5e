package cli.readings;

import static collectors.DeviceSample.UNAVAILABLE;

import energy.TelemetryReading;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The pairs of power and joules at the top of a reading, which contain nothing of each other: they may be added. */
public enum EnergyPart {

    PRIMARY(TelemetryReading::getPowerWatts, TelemetryReading::getEnergyJoules),
    CPU(TelemetryReading::getCpuPowerWatts, TelemetryReading::getCpuEnergyJoules),
    NEURAL_ENGINE(TelemetryReading::getAnePowerWatts, TelemetryReading::getAneEnergyJoules);

    private final ToDoubleFunction<TelemetryReading> watts;
    private final ToDoubleFunction<TelemetryReading> joules;

    EnergyPart(ToDoubleFunction<TelemetryReading> watts, ToDoubleFunction<TelemetryReading> joules) {
        this.watts = watts;
        this.joules = joules;
    }

    /** Watts, or -1. */
    public double watts(TelemetryReading reading) {
        return watts.applyAsDouble(reading);
    }

    /** Joules since the monitor started, or -1. */
    public double joules(TelemetryReading reading) {
        return joules.applyAsDouble(reading);
    }

    /** Watts of all parts that have them, or -1. */
    public static double totalWatts(TelemetryReading reading) {
        return sum(reading, EnergyPart::watts);
    }

    /** Joules of all parts that have them, or -1. */
    public static double totalJoules(TelemetryReading reading) {
        return sum(reading, EnergyPart::joules);
    }

    private interface Value {
        double of(EnergyPart part, TelemetryReading reading);
    }

    private static double sum(TelemetryReading reading, Value value) {
        return Arrays.stream(values()).mapToDouble(part -> value.of(part, reading)).filter(number -> number >= 0)
                .reduce(Double::sum).orElse(UNAVAILABLE);
    }
}
