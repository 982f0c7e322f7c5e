package cli.readings;

import static org.assertj.core.api.Assertions.assertThat;

import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.EnergyResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstDevicesTest {

    private static final long LONG_MILLIS = 50_000;

    @Test
    void aDriverThatIsSlowToAnswerIsWaitedFor() throws Exception {
        SlowDriver driver = new SlowDriver("nvidia", 3);
        assertThat(FirstDevices.await(driver, LONG_MILLIS).getDevicesCount()).isOne();
        assertThat(driver.asked).isEqualTo(4);
    }

    @Test
    void aDriverThatNeverAnswersIsNotWaitedForForever() throws Exception {
        DescribeResponse described = FirstDevices.await(new SlowDriver("nvidia", Integer.MAX_VALUE), 100);
        assertThat(described.getDevicesCount()).isZero();
        assertThat(FirstDevices.open(described)).containsExactly("nvidia");
    }

    @Test
    void whereNothingIsOpenThereIsNothingToWaitFor() throws Exception {
        for (String platform : new String[] {"", "null"}) {
            SlowDriver none = new SlowDriver(platform, Integer.MAX_VALUE);
            assertThat(FirstDevices.open(FirstDevices.await(none, LONG_MILLIS))).isEmpty();
            assertThat(none.asked).isOne();
        }
    }

    /** Tells of its device after it was asked some times. */
    private static final class SlowDriver implements Telemetry {

        private final String platform;
        private final int silent;
        private int asked;

        SlowDriver(String platform, int silent) {
            this.platform = platform;
            this.silent = silent;
        }

        @Override
        public DescribeResponse describe() {
            DescribeResponse.Builder described = DescribeResponse.newBuilder()
                    .addCollectors(CollectorInfo.newBuilder().setName(platform).setPlatform(platform))
                    .addCollectors(CollectorInfo.newBuilder().setName("rapl").setReason("no RAPL zone"));
            if (asked++ >= silent) {
                described.addDevices(DeviceReading.newBuilder().setId("gpu-0"));
            }
            return described.build();
        }

        @Override
        public long mark() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EnergyResponse energy(long fromNanos, long toNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stream(long intervalMillis, Listener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
