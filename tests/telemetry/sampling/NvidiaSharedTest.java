package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.gpu.FakeNvml;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.TelemetryReading;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.selection.Selection;

/** Eight GPUs of one monitor, shared by clients of which each sees its own; GPU n draws 100 + 50 n W. */
@Timeout(60)
class NvidiaSharedTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Broadcast broadcast = new Broadcast();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void eachClientHasItsOwnGpusAndALostOneIsTheTroubleOfItsClientAlone() throws Exception {
        FakeNvml fake = FakeNvml.create();
        StringBuilder settings = new StringBuilder("gpus=8");
        for (int gpu = 0; gpu < 8; gpu++) {
            settings.append(";gpu").append(gpu).append(".power_mw=").append(100_000 + 50_000 * gpu);
        }
        try (Sampler sampler = new Sampler(fake.open(settings.toString()), new FixedHost(), new FixedHost().info(),
                broadcast, executor, 10)) {
            sampler.start();
            sampler.firstReading().get();
            Selection ours = sampler.select(List.of("0", "1", "2"), () -> true).get();
            Selection theirs = sampler.select(List.of("3", "4", "5", "6", "7"), () -> true).get();
            StoringSubscriber all = listen(null);
            StoringSubscriber mine = listen(ours);
            StoringSubscriber other = listen(theirs);
            TimeUnit.MILLISECONDS.sleep(700);
            long from = sampler.mark();
            TimeUnit.MILLISECONDS.sleep(500);
            long to = sampler.mark();

            EnergyResponse whole = sampler.energy(from, to).get();
            EnergyResponse first = sampler.energy(from, to, ours).get();
            EnergyResponse second = sampler.energy(from, to, theirs).get();
            double seconds = (to - from) / 1e9;
            assertThat(first.getTotal().getProblem()).isEmpty();
            assertThat(first.getTotal().getJoules()).isCloseTo(450 * seconds, within(0.01 * 450 * seconds));
            assertThat(first.getTotal().getPeakWatts()).isCloseTo(450, within(1.0));
            assertThat(first.getDevicesList()).extracting(DeviceEnergy::getIndex).containsExactly(0, 1, 2);
            assertThat(first.getTotal().getJoules() + second.getTotal().getJoules())
                    // the answers are made one after the other, and each step tells a little more of the one before
                    .isCloseTo(whole.getTotal().getJoules(), within(0.1));

            fake.set("gpu5.removed=1");
            TimeUnit.MILLISECONDS.sleep(300);
            long lostFrom = sampler.mark();
            TimeUnit.MILLISECONDS.sleep(300);
            long begun = System.nanoTime();
            EnergyResponse unharmed = sampler.energy(lostFrom, 0, ours).get();
            assertThat(unharmed.getTotal().getValid()).as(unharmed.toString()).isTrue();
            assertThat((System.nanoTime() - begun) / 1e9).as("seconds: not as long as the lost one is waited for")
                    .isLessThan(2);
            EnergyResponse harmed = sampler.energy(lostFrom, 0, theirs).get();
            assertThat(harmed.getTotal().getValid()).isFalse();
            assertThat(harmed.getTotal().getProblem()).contains("nvidia 5");
            check(all, mine, other);
        }
    }

    private static void check(StoringSubscriber all, StoringSubscriber mine, StoringSubscriber other) {
        assertThat(mine.last().getPowerWatts()).isCloseTo(450, within(1.0));
        assertThat(other.last().getPowerWatts()).as("without GPU 5's").isCloseTo(1750 - 350, within(1.0));
        double joules = 0;
        for (TelemetryReading reading : other.readings()) {
            assertThat(reading.getEnergyJoules()).as("never falls").isGreaterThanOrEqualTo(joules);
            joules = reading.getEnergyJoules();
        }
        int common = 0;
        for (TelemetryReading part : mine.readings()) {
            TelemetryReading whole = at(all, part.getTimestampNanos());
            TelemetryReading rest = at(other, part.getTimestampNanos());
            if (whole != null && rest != null && whole.getPowerWatts() != UNAVAILABLE) {
                common++;
                assertThat(part.getPowerWatts() + rest.getPowerWatts())
                        .isCloseTo(whole.getPowerWatts(), within(1e-6));
                assertThat(part.getEnergyJoules() + rest.getEnergyJoules())
                        .isCloseTo(whole.getEnergyJoules(), within(1e-6));
            }
        }
        assertThat(common).isGreaterThan(50);
    }

    private static TelemetryReading at(StoringSubscriber client, long unixNanos) {
        return client.readings().stream().filter(reading -> reading.getTimestampNanos() == unixNanos).findFirst()
                .orElse(null);
    }

    private StoringSubscriber listen(Selection selection) throws Exception {
        StoringSubscriber client = new StoringSubscriber();
        executor.submit(() -> broadcast.subscribe(client, selection, false, 0).start()).get();
        return client;
    }
}
