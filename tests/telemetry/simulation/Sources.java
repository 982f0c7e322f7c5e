package telemetry.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** Kinds of sources as drivers have them, and loads to measure with them. */
public enum Sources {
    COUNTER_100_MS("counter, steps of 100 ms", device -> device.hasPower = false),
    COUNTER_100_MS_KNOWN_DELAY("counter, 100 ms, delay known as below 5 ms", device -> {
        device.hasPower = false;
        device.delay = 0.003;
        device.sample.energyCounterDelaySeconds = 0.005;
    }),
    COUNTER_100_MS_WANDERING("counter, 100 ms that wander", device -> {
        device.hasPower = false;
        device.wanders = true;
        device.jitter = 0.05;
    }),
    COUNTER_100_MS_JITTER("counter, 100 ms, jitter 10 %", device -> {
        device.hasPower = false;
        device.jitter = 0.1;
    }),
    COUNTER_100_MS_MEAN_POWER("counter, 100 ms, 1 s mean power", device -> {
        device.averaging = 1;
        device.powerUpdate = 0.1;
    }),
    COUNTER_100_MS_INSTANT_POWER("counter, 100 ms, instant power", device -> {
    }),
    COUNTER_100_MS_FRESH_POWER("counter, 100 ms, power of 25 ms renewed every 25 ms", device -> {
        device.averaging = 0.025;
        device.powerUpdate = 0.025;
    }),
    COUNTER_100_MS_STALE_POWER("counter, 100 ms, power of 25 ms renewed every 100 ms", device -> {
        device.averaging = 0.025;
        device.powerUpdate = 0.1;
        device.tellsAveraging = false;
    }),
    COUNTER_100_MS_STAMPED("counter, 100 ms, timestamps", device -> {
        device.hasPower = false;
        device.stampsSteps = true;
    }),
    COUNTER_50_MS("counter, 50 ms", device -> {
        device.hasPower = false;
        device.step = 0.05;
    }),
    COUNTER_20_MS("counter, 20 ms", device -> {
        device.hasPower = false;
        device.step = 0.02;
    }),
    COUNTER_1_MS("counter, 1 ms (RAPL)", device -> {
        device.hasPower = false;
        device.step = 0.001;
        device.sample.energyCounterStepSeconds = 0.001;
        device.sample.energyCounterDelaySeconds = 0.001;
    }),
    COUNTER_100_MS_LATE("counter, 100 ms, published 20 ms late", device -> {
        device.hasPower = false;
        device.delay = 0.02;
    }),
    COUNTER_1_S("counter, 1 s (Apple)", device -> {
        device.hasPower = false;
        device.step = 1;
        device.jitter = 0.003;
    }),
    COUNTER_1600_MS("counter, 1.6 s (Apple)", device -> {
        device.hasPower = false;
        device.step = 1.6;
        device.jitter = 0.003;
    }),
    COUNTER_2_S("counter, 2 s (Apple)", device -> {
        device.hasPower = false;
        device.step = 2.1;
        device.jitter = 0.02;
    }),
    POWER_INSTANT("instant power", device -> device.hasCounter = false),
    POWER_MEAN("power, mean of 1 s, renewed every 20 ms", device -> {
        device.hasCounter = false;
        device.averaging = 1;
        device.powerUpdate = 0.02;
    }),
    POWER_MEAN_100_MS("power, mean of 1 s, renewed every 100 ms", device -> {
        device.hasCounter = false;
        device.averaging = 1;
        device.powerUpdate = 0.1;
    });

    /** The load for which the aims of accuracy are stated. */
    public static final String RESTLESS = "90/700 W every 0.3-0.4 s";

    private final String text;
    private final Consumer<SimulatedDevice> driver;

    Sources(String text, Consumer<SimulatedDevice> driver) {
        this.text = text;
        this.driver = driver;
    }

    public Consumer<SimulatedDevice> driver() {
        return driver;
    }

    public Consumer<SimulatedLooks> sampling() {
        return looks -> looks.callSeconds = 0.001;
    }

    /** Whether all that is told is a mean of a second: of other than whole seconds it tells less. */
    public boolean isMeanPower() {
        return name().startsWith("POWER_MEAN");
    }

    public boolean hasCounter() {
        return !name().startsWith("POWER");
    }

    /** Loads on which nothing was tuned. */
    public static Map<String, Function<Random, Load>> loads() {
        Map<String, Function<Random, Load>> loads = new LinkedHashMap<>();
        loads.put(RESTLESS, random -> Load.switching(random, 90, 700, 0.3, 0.4, 90));
        loads.put("training steps", random -> Load.training(random, 120, 680, 90));
        loads.put("bursts", random -> Load.bursts(random, 60, 650, 0.4, 90));
        loads.put("levels for 0.1-1.5 s", random -> Load.levels(random, 80, 620, 0.1, 1.5, 90));
        loads.put("slow sine", random -> Load.sine(random, 150, 500, 4 + 4 * random.nextDouble(), 90));
        return loads;
    }

    /** Loads on which the uncertainty was calibrated. */
    public static Map<String, Function<Random, Load>> trainingLoads() {
        Map<String, Function<Random, Load>> loads = new LinkedHashMap<>();
        loads.put(RESTLESS, loads().get(RESTLESS));
        loads.put("switching 0.2-0.7 s", random -> Load.switching(random, 120, 450, 0.2, 0.7, 90));
        loads.put("switching 0.05-0.2 s", random -> Load.switching(random, 50, 300, 0.05, 0.2, 90));
        loads.put("squares 0.03-2 s", random -> Load.switching(random, 60, 600, 0.03, 2, 90));
        loads.put("random levels", random -> Load.random(random, 50, 500, 0.4, 90));
        loads.put("sine", random -> Load.sine(random, 80, 400, 0.3 + 2 * random.nextDouble(), 90));
        loads.put("LLM requests", random -> Load.serving(random, 80, 650, 90));
        loads.put("ramps", random -> Load.ramps(random, 70, 500, 0.3, 3, 90));
        loads.put("steady", random -> Load.constant(350));
        return loads;
    }

    @Override
    public String toString() {
        return text;
    }
}
