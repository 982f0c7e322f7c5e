package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cli.options.UserError;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StopwatchTest {

    private final FakeTelemetry telemetry = new FakeTelemetry();
    private final List<String> notices = new ArrayList<>();

    @Test
    void anIntervalReachesFromItsBeginToItsEnd() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 50, notices::add)) {
            long before = System.nanoTime();
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(50);
            EnergyResponse energy = stopwatch.end();
            assertThat(energy.getFromNanos()).isGreaterThanOrEqualTo(before);
            assertThat(energy.getSeconds()).isBetween(0.05, (System.nanoTime() - before) / 1e9);
            assertThat(energy.getTotal().getJoules()).isCloseTo(100 * energy.getSeconds(), within(1e-6));
            assertThat(energy.getDevicesList()).hasSize(1);
            assertThat(notices).isEmpty();
        }
    }

    @Test
    void aLongIntervalIsAskedForInPartsThatLeaveNothingOut() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 5, notices::add, 30, 20)) {
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(400);
            EnergyResponse energy = stopwatch.end();
            assertThat(telemetry.asked).hasSizeGreaterThan(3);
            for (int i = 1; i < telemetry.asked.size(); i++) {
                assertThat(telemetry.asked.get(i)[0]).isEqualTo(telemetry.asked.get(i - 1)[1]);
            }
            assertThat(energy.getTotal().getJoules()).isCloseTo(100 * energy.getSeconds(), within(1e-6));
            assertThat(energy.getSeconds()).isGreaterThanOrEqualTo(0.4);
        }
    }

    @Test
    void aMonitorThatIsAwayForAWhileLosesNothing() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 5, notices::add, 30, 20)) {
            stopwatch.begin();
            telemetry.failure = "no monitor answers";
            TimeUnit.MILLISECONDS.sleep(200);
            telemetry.failure = null;
            EnergyResponse energy = stopwatch.end();
            assertThat(energy.getTotal().getValid()).isTrue();
            assertThat(energy.getSeconds()).isGreaterThanOrEqualTo(0.2);
        }
    }

    @Test
    void aLostMonitorLeavesTheTimeAndTheReason() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 50, notices::add)) {
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(20);
            telemetry.failure = "the monitor has ended";
            EnergyResponse energy = stopwatch.end();
            assertThat(energy.getTotal().getValid()).isFalse();
            assertThat(energy.getTotal().getJoules()).isEqualTo(-1);
            assertThat(energy.getTotal().getProblem()).isEqualTo("the monitor has ended");
            assertThat(energy.getSeconds()).isBetween(0.02, 10.0);
        }
    }

    @Test
    void theEndWaitsForDevicesThatHaveNotSettledAndSaysSo() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 50, notices::add)) {
            stopwatch.begin();
            telemetry.settled = false;
            Thread settling = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(1500);
                } catch (InterruptedException e) {
                    return;
                }
                telemetry.settled = true;
            });
            settling.start();
            assertThat(stopwatch.end().getSettled()).isTrue();
            assertThat(notices).singleElement().asString().startsWith("waiting up to 5 s for the sensors");
        }
    }

    @Test
    void anInterruptEndsTheWaitWithWhatIsKnown() throws Exception {
        try (Stopwatch stopwatch = new Stopwatch(telemetry, 50, notices::add)) {
            stopwatch.begin();
            telemetry.settled = false;
            long begun = System.nanoTime();
            Thread.currentThread().interrupt();
            EnergyResponse energy = stopwatch.end();
            assertThat(energy.getTotal().getValid()).isTrue();
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(2));
            assertThat(Thread.interrupted()).isFalse();
            assertThat(notices).singleElement().asString().contains("less exact");
        }
    }

    /** A meter that is rarely asked tells the end of a part later; until then the part is not taken, but for a shorter one. */
    @Test
    void noPartIsTakenWhileAMeterHasNotToldItsEnd() throws Exception {
        FakeTelemetry late = new FakeTelemetry() {
            @Override
            public synchronized EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException {
                settled = System.nanoTime() - toNanos > TimeUnit.MILLISECONDS.toNanos(40);
                return super.energy(fromNanos, toNanos).toBuilder().setSettled(settled).build();
            }
        };
        try (Stopwatch stopwatch = new Stopwatch(late, 1, notices::add, 100, 20)) {
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(1500);
            EnergyResponse energy = stopwatch.end();
            assertThat(energy.getSettled()).isTrue();
            assertThat(energy.getTotal().getJoules()).isCloseTo(100 * energy.getSeconds(), within(1e-6));
            assertThat(energy.getSeconds()).isGreaterThanOrEqualTo(1.5);
            assertThat(late.asked.get(late.asked.size() - 1)[0]).isGreaterThan(energy.getFromNanos());
        }
    }

    @Test
    void theEndWaitsLongerForAMeterThatIsRarelyAsked() throws Exception {
        FakeTelemetry metered = new FakeTelemetry() {
            @Override
            public synchronized EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException {
                EnergyResponse response = super.energy(fromNanos, toNanos);
                return settled ? response : response.toBuilder().addDevices(DeviceEnergy.newBuilder().setPlatform("ipmi")
                        .setId("dcmi").setKind("machine").setEnergy(unavailable("it has not told yet"))).build();
            }
        };
        metered.settled = false;
        Thread settling = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(1200);
            } catch (InterruptedException e) {
                return;
            }
            metered.settled = true;
        });
        settling.start();
        try (Stopwatch stopwatch = new Stopwatch(metered, 50, notices::add)) {
            stopwatch.begin();
            assertThat(stopwatch.end().getSettled()).isTrue();
            assertThat(notices).singleElement().asString().startsWith("waiting up to 75 s for the sensors");
        }
    }
}
