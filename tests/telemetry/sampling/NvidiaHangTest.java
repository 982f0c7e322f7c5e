package telemetry.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.CollectorUnavailableException;
import collectors.gpu.FakeNvml;
import collectors.host.Host;
import com.google.protobuf.InvalidProtocolBufferException;
import energy.TelemetryReading;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import telemetry.wire.Reading;

/** A driver that does not answer, under the whole way from the sensor to the subscriber. */
class NvidiaHangTest {

    private static final long LIMIT_SECONDS = 15;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void readingsGoOnWithoutValuesWhileTheDriverHangsAndRecover() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Broadcast broadcast = new Broadcast();
        broadcast.subscribe(new Collecting(), false, 0).start();
        try (Sampler sampler = sampler(fake, "gpus=2", broadcast)) {
            sampler.start();
            TelemetryReading before = next(reading -> reading.getPowerWatts() == 600 && reading.getEnergyJoules() > 0);
            assertThat(sampler.isHealthy()).isTrue();

            fake.set("gpu1.hang_ms.nvmlDeviceGetPowerUsage=600000");
            TelemetryReading hanging = next(reading -> reading.getPowerWatts() == -1);
            assertThat(sampler.isHealthy()).isFalse();
            assertThat(hanging.getEnergyJoules()).as("the last value stays")
                    .isGreaterThanOrEqualTo(before.getEnergyJoules());
            assertThat(hanging.getTemperatureCelsius()).isEqualTo(-1);
            assertThat(hanging.getGpuMemoryUsageMb()).isEqualTo(-1);
            assertThat(hanging.getCpuMemoryUsageMb()).isEqualTo(1234);
            assertThat(hanging.getGpuInfo().getName()).isEqualTo("NVIDIA H100 80GB HBM3 x2");
            long calls = fake.calls("*");
            for (int i = 0; i < 20; i++) {
                assertThat(next(reading -> true).getPowerWatts()).isEqualTo(-1);
            }
            assertThat(fake.calls("*")).as("calls while one hangs").isEqualTo(calls);

            fake.set("gpu1.hang_ms.nvmlDeviceGetPowerUsage=0");
            TelemetryReading after = next(reading -> reading.getPowerWatts() == 600);
            await(sampler::isHealthy);
            assertThat(after.getEnergyJoules()).isGreaterThan(before.getEnergyJoules());
            assertThat(next(reading -> true).getEnergyJoules()).isGreaterThanOrEqualTo(after.getEnergyJoules());
        }
        assertThat(fake.violation()).isNull();
        assertThat(fake.references()).isZero();
    }

    @Test
    void closingDuringAHangDoesNotWaitForIt() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Broadcast broadcast = new Broadcast();
        broadcast.subscribe(new Collecting(), false, 0).start();
        Sampler sampler = sampler(fake, "gpus=1", broadcast);
        sampler.start();
        next(reading -> reading.getPowerWatts() == 300);
        fake.set("hang_ms.nvmlDeviceGetTotalEnergyConsumption=600000");
        long calls = fake.calls("nvmlDeviceGetFieldValues");
        await(() -> fake.calls("nvmlDeviceGetFieldValues") > calls);

        long start = System.nanoTime();
        sampler.close();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        fake.set("hang_ms.nvmlDeviceGetTotalEnergyConsumption=0");
        await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals("collector-nvidia")));
    }

    private Sampler sampler(FakeNvml fake, String settings, Broadcast broadcast)
            throws CollectorUnavailableException {
        Host host = new FixedHost();
        return new Sampler(fake.open(settings), host, host.info(), broadcast, executor, 20);
    }

    /** The next reading of that kind. */
    private TelemetryReading next(Predicate<TelemetryReading> wanted)
            throws InterruptedException, InvalidProtocolBufferException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        long last = 0;
        while (System.nanoTime() < end) {
            Reading reading = readings.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(reading).as("a reading").isNotNull();
            assertThat(reading.sequence()).isGreaterThan(last);
            last = reading.sequence();
            TelemetryReading message = TelemetryReading.parseFrom(reading.message());
            if (wanted.test(message)) {
                return message;
            }
        }
        throw new AssertionError("no such reading within " + LIMIT_SECONDS + " s");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private final class Collecting implements Broadcast.Subscriber {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void send(Reading reading, long dropped) {
            readings.add(reading);
        }

        @Override
        public void complete() {
            // the test ends by itself
        }
    }
}
