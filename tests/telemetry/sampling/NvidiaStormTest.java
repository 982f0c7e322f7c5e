package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import collectors.gpu.FakeNvml;
import energy.TelemetryReading;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of NVML at random, under the real sampler at its real pace. */
@Timeout(120)
class NvidiaStormTest {

    private static final int[] CODES = {1, 2, 3, 4, 6, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 27, 999};
    private static final List<String> FUNCTIONS = List.of("nvmlDeviceGetPowerUsage",
            "nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetTemperature", "nvmlDeviceGetMemoryInfo*",
            "nvmlDeviceGetUtilizationRates", "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetHandleByIndex_v2", "*");
    private static final int GPUS = 4;
    private static final double WATTS = 300;
    private static final long STORM_MILLIS = 6_000;
    private static final long CALM_MILLIS = 15_000;
    private static final long TRIAL_MILLIS = 1_500;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final StoringSubscriber client = new StoringSubscriber();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void noStormMakesJoulesJumpAndAllIsExactAfterIt(long seed) throws Exception {
        Random random = new Random(seed);
        FakeNvml fake = FakeNvml.create();
        Broadcast broadcast = new Broadcast();
        broadcast.subscribe(client, false, 0).start();
        long began = System.nanoTime();
        try (Sampler sampler = new Sampler(fake.open("gpus=" + GPUS), new FixedHost(), new FixedHost().info(),
                broadcast, executor, 5)) {
            sampler.start();
            while (millisSince(began) < STORM_MILLIS) {
                Thread.sleep(random.nextInt(40));
                fake.set(fault(random));
            }
            fake.set(calm());
            long calm = System.nanoTime();
            while (millisSince(calm) < CALM_MILLIS && !isExact(client.last())) {
                Thread.sleep(5);
            }
            assertThat(isExact(client.last())).as(client.last().toString()).isTrue();
            assertThat(sampler.isHealthy()).isTrue();
            // Counters that the storm kept on trial are believed soon, and the stream reaches what they know.
            Thread.sleep(TRIAL_MILLIS);
            double watts;
            do {
                TelemetryReading first = client.last();
                Thread.sleep(1000);
                TelemetryReading then = client.last();
                watts = 1e9 * (then.getEnergyJoules() - first.getEnergyJoules())
                        / (then.getTimestampNanos() - first.getTimestampNanos());
                assertThat(watts).isLessThan(1.1 * GPUS * WATTS);
            } while (watts < 0.9 * GPUS * WATTS && millisSince(calm) < CALM_MILLIS);
            assertThat(watts).isGreaterThan(0.9 * GPUS * WATTS);
        }
        double elapsed = (System.nanoTime() - began) / 1e9;
        double joules = 0;
        for (TelemetryReading reading : client.readings()) {
            if (reading.getEnergyJoules() != UNAVAILABLE) {
                assertThat(reading.getEnergyJoules()).isGreaterThanOrEqualTo(joules);
                joules = reading.getEnergyJoules();
            }
            if (reading.getPowerWatts() != UNAVAILABLE) {
                // A GPU that gives no power has it told from its counter, which ticks in milliseconds.
                assertThat(reading.getPowerWatts()).isBetween(0.9 * WATTS, 1.1 * GPUS * WATTS);
            }
        }
        assertThat(joules).as("no more than was drawn").isLessThanOrEqualTo(1.02 * GPUS * WATTS * elapsed);
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void readingsKeepTheirIntervalInAStorm() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Broadcast broadcast = new Broadcast();
        broadcast.subscribe(client, false, 0).start();
        Random random = new Random(3);
        try (Sampler sampler = new Sampler(fake.open("gpus=" + GPUS), new FixedHost(), new FixedHost().info(),
                broadcast, executor, 10)) {
            sampler.start();
            long began = System.nanoTime();
            while (millisSince(began) < 3_000) {
                Thread.sleep(random.nextInt(20));
                fake.set(fault(random));
            }
            double expected = millisSince(began) / 10.0;
            assertThat((double) client.readings().size() + sampler.missedDeadlines())
                    .isBetween(0.9 * expected, 1.1 * expected);
            assertThat((double) client.readings().size()).isGreaterThan(0.5 * expected);
        }
    }

    private static String fault(Random random) {
        String gpu = "gpu" + random.nextInt(GPUS);
        return switch (random.nextInt(12)) {
            case 0 -> gpu + ".removed=1";
            case 1, 2 -> gpu + ".removed=0";
            case 3 -> "reload=1";
            case 4, 5, 6 -> calm();
            default -> gpu + ".error." + FUNCTIONS.get(random.nextInt(FUNCTIONS.size())) + "="
                    + CODES[random.nextInt(CODES.length)];
        };
    }

    private static String calm() {
        StringBuilder settings = new StringBuilder("error.*=0");
        for (int gpu = 0; gpu < GPUS; gpu++) {
            settings.append(";gpu").append(gpu).append(".removed=0");
        }
        return settings.toString();
    }

    private static boolean isExact(TelemetryReading reading) {
        return reading.getPowerWatts() == GPUS * WATTS && reading.getTemperatureCelsius() == 40
                && reading.getGpuMemoryUsageMb() == GPUS * 1024 && reading.getEnergyJoules() > 0;
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
