package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeSuspendTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path device;

    @Test
    void aDeviceSleepsWhileItIsSuspendedOrAboutToBe() throws Exception {
        status("active");
        try (RuntimeSuspend suspend = RuntimeSuspend.of(device)) {
            assertThat(suspend.isAsleep(0)).isFalse();
            status("suspending");
            assertThat(suspend.isAsleep(SECOND)).isTrue();
            status("suspended");
            assertThat(suspend.isAsleep(2 * SECOND)).isTrue();
            status("resuming");
            assertThat(suspend.isAsleep(3 * SECOND)).isFalse();
        }
    }

    @Test
    void itIsLookedUpTenTimesASecondAtMost() throws Exception {
        status("active");
        try (RuntimeSuspend suspend = RuntimeSuspend.of(device)) {
            assertThat(suspend.isAsleep(0)).isFalse();
            status("suspended");
            assertThat(suspend.isAsleep(SECOND / 20)).isFalse();
            assertThat(suspend.isAsleep(SECOND / 10)).isTrue();
        }
    }

    @Test
    void aDeviceWithoutPowerManagementNeverSleeps() {
        try (RuntimeSuspend suspend = RuntimeSuspend.of(device)) {
            assertThat(suspend.isAsleep(0)).isFalse();
        }
    }

    private void status(String status) throws IOException {
        Files.writeString(Files.createDirectories(device.resolve("power")).resolve("runtime_status"), status + "\n");
    }
}
