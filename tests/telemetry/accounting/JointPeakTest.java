package telemetry.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The highest power together of devices whose own peaks are at different moments. */
class JointPeakTest {

    private static final long MILLI = 1_000_000L;

    private final DeviceSample one = new DeviceSample("one", DeviceKind.GPU, "GPU");
    private final DeviceSample two = new DeviceSample("two", DeviceKind.GPU, "GPU");
    private final MeteredDevice first = new MeteredDevice(one);
    private final MeteredDevice second = new MeteredDevice(two);

    @Test
    void peaksAtDifferentMomentsAreNotAddedUp() {
        for (int i = 0; i <= 100; i++) { // 500 W for a tenth of a second each, at 1 and at 3 s
            add(first, one, i, i >= 20 && i < 22 ? 500 : 100);
            add(second, two, i, i >= 60 && i < 62 ? 600 : 50);
        }
        assertThat(peak(0, 5000)).isEqualTo(100 + 600);
        assertThat(peak(0, 2000)).isEqualTo(500 + 50);
        assertThat(peak(4000, 5000)).isEqualTo(150);
    }

    @Test
    void aDeviceThatIsLookedAtSeldomHasThePowerOfItsLatestLook() {
        for (int i = 0; i <= 100; i++) {
            add(first, one, i, 10 * (i / 20));
            if (i % 20 == 0) {
                add(second, two, i, i == 40 ? 500 : 100);
            }
        }
        assertThat(peak(0, 2900)).as("20 W as long as the other is seen at 500").isEqualTo(20 + 500);
        assertThat(peak(3100, 5100)).isEqualTo(50 + 100);
    }

    @Test
    void aCounterWithoutPowerIsTakenToBeAtItsPeakAllTheTime() {
        for (int i = 0; i <= 100; i++) {
            add(first, one, i, i == 50 ? 300 : 100);
            two.energyCounterJoules = 2 * i + (i > 80 ? 20 : 0);
            second.take(two, i * 50 * MILLI, i * 50 * MILLI);
        }
        EnergyInterval interval = second.timeline().between(500 * MILLI, 4500 * MILLI);
        assertThat(peak(500, 4500)).isCloseTo(300 + interval.peakWatts(), within(1e-9));
    }

    private static void add(MeteredDevice device, DeviceSample sample, int look, double watts) {
        sample.powerWatts = watts;
        device.take(sample, look * 50 * MILLI, look * 50 * MILLI);
    }

    private double peak(long fromMillis, long toMillis) {
        Map<DeviceState, EnergyInterval> devices = new LinkedHashMap<>();
        for (MeteredDevice device : new MeteredDevice[] {first, second}) {
            devices.put(new DeviceState("test", true, devices.size(), device),
                    device.timeline().between(fromMillis * MILLI, toMillis * MILLI));
        }
        return JointPeak.watts(devices, fromMillis * MILLI, toMillis * MILLI);
    }
}
