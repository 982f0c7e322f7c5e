package telemetry.intervals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.DeviceKind;
import collectors.DeviceSample;
import energy.EnergyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MeteredDevice;
import telemetry.accounting.TotalPeaks;

/** When questions for the energy of intervals are answered, by a device that says 100 W when the test wants it to. */
@Timeout(30)
class EnergyQueriesTest {

    private final DeviceSample sample = new DeviceSample("0", DeviceKind.GPU, "GPU");
    private final MeteredDevice device = new MeteredDevice(sample);
    private final MonotonicClock clock = new MonotonicClock();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final DeviceState state = new DeviceState("fake", true, 0, device);
    private final EnergyQueries queries = new EnergyQueries(List.of(state), new TotalPeaks(), executor, clock);

    @BeforeEach
    void look() throws Exception {
        sample.powerWatts = 100;
        state.inTotal = true;
        for (int i = 0; i < 20; i++) {
            say();
        }
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void anAnswerWaitsUntilTheDeviceHasToldWhatHappenedAfterTheEnd() throws Exception {
        long now = clock.unixNanos();
        CompletableFuture<EnergyResponse> answer = queries.ask(now - 100_000_000, now);
        TimeUnit.MILLISECONDS.sleep(200);
        executor.submit(queries::look).get();
        assertThat(answer).isNotDone();
        say();
        executor.submit(queries::look).get();
        assertThat(answer.get().getSeconds()).isEqualTo(0.1);
    }

    @Test
    void aDeviceThatFallsSilentIsWaitedForSomeSecondsOnly() throws Exception {
        long now = clock.unixNanos();
        EnergyResponse answer = queries.ask(now - 100_000_000, now).get();
        assertThat(clock.unixNanos() - now).isBetween(2_900_000_000L, 10_000_000_000L);
        assertThat(answer.getSettled()).isFalse();
    }

    @Test
    void thereIsALimitToThoseThatWaitAndOthersAreAnsweredAllTheSame() throws Exception {
        long now = clock.unixNanos();
        List<CompletableFuture<EnergyResponse>> answers = new ArrayList<>();
        for (int i = 0; i < EnergyQueries.MAX_WAITING; i++) {
            answers.add(queries.ask(now - 100_000_000, now));
        }
        assertThatThrownBy(() -> queries.ask(now - 100_000_000, now).get()).isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(EnergyRequestException.class).hasMessageContaining("ask again later");
        say();
        executor.submit(queries::look).get();
        for (CompletableFuture<EnergyResponse> answer : answers) {
            assertThat(answer.get().getDevicesCount()).isEqualTo(1);
        }
    }

    private void say() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(10);
        device.take(sample, System.nanoTime(), System.nanoTime());
        device.fill(state, System.nanoTime());
    }
}
