package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadinessTest {

    private final FakeTelemetry telemetry = new FakeTelemetry();
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final Readiness readiness = new Readiness(telemetry, telemetry.describe(), 0, 2000, notices::add);

    @Test
    void aSettledDeviceIsMeasuredAtOnce() throws Exception {
        telemetry.send(true, 0);
        readiness.await();
        assertThat(notices).isEmpty();
    }

    @Test
    void aDeviceWhoseCounterIsOnTrialIsWaitedForAndNamed() throws Exception {
        telemetry.send(false, 0);
        Thread sender = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(1300);
            } catch (InterruptedException e) {
                return;
            }
            telemetry.send(true, 0);
        });
        sender.start();
        readiness.await();
        assertThat(notices).containsExactly("waiting up to 2 s until energy can be measured exactly: fake 0");
    }

    @Test
    void theWaitIsBounded() throws Exception {
        telemetry.send(false, 0);
        readiness.await();
        assertThat(notices).hasSize(2).last().isEqualTo("beginning all the same; less exact: fake 0");
    }

    @Test
    void aLostStreamIsListenedToAnew() throws Exception {
        telemetry.send(true, 0);
        readiness.lost("the monitor has ended");
        Thread sender = new Thread(() -> {
            while (telemetry.streams < 2) {
                Thread.onSpinWait();
            }
            telemetry.send(true, 0);
        });
        sender.start();
        readiness.await();
        assertThat(telemetry.streams).isEqualTo(2);
    }

    @Test
    void aMonitorThatIsGoneIsTheUsersToMend() {
        FakeTelemetry gone = new FakeTelemetry() {
            @Override
            public void stream(long intervalMillis, Listener listener) {
                listener.lost("no monitor answers at box:50053");
            }
        };
        Readiness waiting = new Readiness(gone, gone.describe(), 0, 2000, notices::add);
        assertThatThrownBy(waiting::await).isInstanceOf(UserError.class).hasMessage("no monitor answers at box:50053");
    }

    @Test
    void aGpuThatIsBusyBeforehandIsWarnedOf() throws Exception {
        telemetry.send(true, 37.4);
        readiness.await();
        readiness.warnOfBusyDevices();
        assertThat(notices).singleElement().asString()
                .startsWith("warning: other processes keep fake 0 busy (37 %)");
    }
}
