///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../../EnergyMonitor.java
//SOURCES ../telemetry/simulation/AccuracyTrial.java
//SOURCES ../telemetry/simulation/Errors.java
//SOURCES ../telemetry/simulation/Load.java
//SOURCES ../telemetry/simulation/SimulatedDevice.java
//SOURCES ../telemetry/simulation/SimulatedLooks.java
//SOURCES ../telemetry/simulation/Sources.java

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import telemetry.simulation.AccuracyTrial;
import telemetry.simulation.Errors;
import telemetry.simulation.Load;
import telemetry.simulation.Sources;

/**
 * Prints how near measured joules come to the truth on simulated devices, as docs/accuracy.md shows it. Arguments:
 * {@code --training} for the loads on which the uncertainty was calibrated, a number for how many seeds.
 */
public final class Accuracy {

    private static final double[] WINDOWS = {0.25, 1, 5};
    /** While nobody listens. */
    private static final double SELDOM_INTERVAL = 1;
    private static final double SELDOM_FROM = 12;
    private static final double SELDOM_WINDOW = 10;
    private static final double[] MEAN_POWER_WINDOWS = {0.25, 1, 2.4, 5, 10.4};
    private static final int FIRST_TRAINING_SEED = 1000;
    private static final int FIRST_SEED = 50_000;

    private Accuracy() {
    }

    public static void main(String[] args) {
        boolean training = false;
        int seeds = 20;
        String only = "";
        for (String arg : args) {
            if (arg.equals("--training")) {
                training = true;
            } else if (arg.matches("\\d+")) {
                seeds = Integer.parseInt(arg);
            } else {
                only = arg;
            }
        }
        Map<String, Function<Random, Load>> loads = training ? Sources.trainingLoads() : Sources.loads();
        System.out.println("| source | load | window | raw counter rms | live rms | rms without close looks | bias | rms | p95 | mean uncertainty"
                + " | within uncertainty | within bounds | refused |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        int first = training ? FIRST_TRAINING_SEED : FIRST_SEED;
        for (Sources source : Sources.values()) {
            for (Map.Entry<String, Function<Random, Load>> load : loads.entrySet()) {
                for (double window : source.isMeanPower() ? MEAN_POWER_WINDOWS : WINDOWS) {
                    if (!(source + " " + load.getKey()).contains(only)) {
                        continue;
                    }
                    AccuracyTrial stream = new AccuracyTrial(load.getValue(), source.driver(),
                            source.sampling().andThen(looks -> looks.closeLooks = false), window).run(first, seeds);
                    AccuracyTrial trial = new AccuracyTrial(load.getValue(), source.driver(), source.sampling(),
                            window).run(first, seeds);
                    System.out.println("| " + source + " | " + load.getKey() + " | " + window + " s | "
                            + (source.hasCounter() ? percent(stream.raw.rms()) : "-") + " | " + percent(stream.live.rms())
                            + " | " + percent(stream.interval.rms())
                            + row(trial.interval));
                }
            }
        }
        Map<String, Function<Random, Load>> seldom = new LinkedHashMap<>(loads);
        seldom.put("steady", random -> Load.constant(350));
        printSeldom(seldom, first, seeds, only);
    }

    /** With looks a second apart from the twelfth second on. */
    private static void printSeldom(Map<String, Function<Random, Load>> loads, int first, int seeds, String only) {
        System.out.println("\n| source | load | window | bias | rms | p95 | mean uncertainty | within uncertainty"
                + " | within bounds | refused |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (Sources source : Sources.values()) {
            loads.forEach((load, made) -> {
                if ((source + " " + load).contains(only)) {
                    AccuracyTrial trial = new AccuracyTrial(made, source.driver(), source.sampling().andThen(looks -> {
                        looks.seldomFrom = SELDOM_FROM;
                        looks.seldomInterval = SELDOM_INTERVAL;
                    }), SELDOM_WINDOW).run(first, seeds);
                    System.out.println("| " + source + " | " + load + " | " + SELDOM_WINDOW + " s" + row(trial.interval));
                }
            });
        }
    }

    private static String row(Errors errors) {
        if (errors.count() == 0) {
            return " | - | - | - | - | - | - | " + percent(errors.refused()) + " |";
        }
        return " | " + percent(errors.bias()) + " | " + percent(errors.rms()) + " | " + percent(errors.p95()) + " | "
                + percent(errors.uncertainty()) + " | "
                + percent(errors.covered()) + " | " + percent(errors.bounded()) + " | " + percent(errors.refused())
                + " |";
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}
