package collectors.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import collectors.gpu.FakeNvml;
import collectors.host.OperatingSystem;
import collectors.linux.RaplCollector;
import collectors.registry.CollectorRegistry.Cause;
import collectors.registry.CollectorRegistry.Choice;
import collectors.registry.CollectorRegistry.Opened;
import collectors.registry.CollectorRegistry.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorRegistryTest {

    private static final CollectorContext CONTEXT = FakeNvml.context("all", Map.of());
    private static final Set<OperatingSystem> EVERYWHERE = EnumSet.allOf(OperatingSystem.class);
    private static final Set<OperatingSystem> ELSEWHERE =
            EnumSet.complementOf(EnumSet.of(OperatingSystem.current()));

    private final CollectorRegistry registry = new CollectorRegistry(200);

    @Test
    void theFirstThatWorksIsTakenAndTheReasonsAgainstTheOthersAreKept() throws Exception {
        refuse("first", "no driver");
        registry.detect("other-system", ELSEWHERE, context -> new Fake(100));
        registry.detect("second", EVERYWHERE, context -> new Fake(100));
        registry.detect("third", EVERYWHERE, context -> new Fake(100));
        Choice choice = registry.open(CollectorRegistry.AUTO, CONTEXT);
        assertThat(choice.opened()).extracting(Opened::name).containsExactly("second");
        assertThat(choice.refusals()).containsExactly(new Refusal("first", "no driver", ""),
                new Refusal("other-system", Cause.OTHER_SYSTEM, CollectorRegistry.OTHER_SYSTEM, ""));

        Choice others = registry.openOthers(choice, CONTEXT);
        assertThat(others.opened()).extracting(Opened::name).containsExactly("third");
        assertThat(others.refusals()).as("those refused once are not tried again").isEmpty();
    }

    @Test
    void theOneAskedForIsTriedOnEverySystemAndNeverReplaced() throws Exception {
        registry.detect("other-system", ELSEWHERE, context -> new Fake(100));
        registry.detect("works", EVERYWHERE, context -> new Fake(100));
        refuse("broken", "no driver");
        assertThat(registry.open("other-system", CONTEXT).opened()).hasSize(1);
        assertThatThrownBy(() -> registry.open("broken", CONTEXT))
                .isInstanceOf(CollectorUnavailableException.class).hasMessage("no driver");
    }

    @Test
    void oneThatHangsIsLeftBehind() throws Exception {
        registry.detect("hangs", EVERYWHERE, context -> {
            Thread.sleep(60_000);
            return new Fake(100);
        });
        registry.detect("works", EVERYWHERE, context -> new Fake(100));
        Choice choice = registry.open(CollectorRegistry.AUTO, CONTEXT);
        assertThat(choice.opened()).extracting(Opened::name).containsExactly("works");
        assertThat(choice.refusals()).containsExactly(new Refusal("hangs", "did not answer within 0.2 s", ""));
    }

    @Test
    void aSysfsFileThatBlocksKeepsOnlyItsOwnCollectorOut(@TempDir Path sysfs) throws Exception {
        assumeTrue(OperatingSystem.current() == OperatingSystem.LINUX, "there is no sysfs on this system");
        Path zone = Files.createDirectories(sysfs.resolve("class/powercap/intel-rapl:0"));
        Files.writeString(zone.resolve("name"), "package-0\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), "262143328850\n");
        assertThat(new ProcessBuilder("mkfifo", zone.resolve("energy_uj").toString()).start().waitFor()).isZero();
        CollectorContext context = FakeNvml.context(sysfs);
        registry.detect("rapl", EVERYWHERE, RaplCollector::open);
        registry.detect("works", EVERYWHERE, other -> new Fake(100));
        Choice choice = registry.open(CollectorRegistry.AUTO, context);
        assertThat(choice.opened()).extracting(Opened::name).containsExactly("works");
        assertThat(choice.refusals()).containsExactly(new Refusal("rapl", "did not answer within 0.2 s", ""));
    }

    @Test
    void oneThatThrowsWhateverItIsIsRefusedAndClosed() throws Exception {
        Fake[] opened = new Fake[1];
        registry.detect("no-library", EVERYWHERE, context -> {
            throw new NoClassDefFoundError("com/sun/jna/Native");
        });
        registry.detect("gives-nothing", EVERYWHERE, context -> {
            opened[0] = new Fake(DeviceSample.UNAVAILABLE);
            opened[0].device.problem = "Not Supported";
            return opened[0];
        });
        registry.detect("works", EVERYWHERE, context -> new Fake(0));
        Choice choice = registry.open(CollectorRegistry.AUTO, CONTEXT);
        assertThat(choice.opened()).extracting(Opened::name).containsExactly("works");
        assertThat(choice.refusals()).extracting(Refusal::reason).containsExactly(
                "java.lang.NoClassDefFoundError: com/sun/jna/Native",
                "no device gives power or energy (Device: Not Supported)");
        assertThat(opened[0].closed).isTrue();
    }

    @Test
    void oneWhoseDevicesAllSleepIsTakenForWhenTheyWake() throws Exception {
        registry.detect("sleeps", EVERYWHERE, context -> {
            Fake fake = new Fake(DeviceSample.UNAVAILABLE);
            fake.device.sleep();
            return fake;
        });
        assertThat(registry.open(CollectorRegistry.AUTO, CONTEXT).opened()).extracting(Opened::name)
                .containsExactly("sleeps");
    }

    @Test
    void aClassIsTakenWithTheContextOrWithoutAndNoOther() throws Exception {
        Choice withContext = registry.open(WithContext.class.getName(), CONTEXT);
        assertThat(((WithContext) withContext.opened().get(0).collector()).context).isSameAs(CONTEXT);
        assertThat(registry.open(WithoutContext.class.getName(), CONTEXT).opened()).hasSize(1);
        assertThatThrownBy(() -> registry.open(Refusing.class.getName(), CONTEXT))
                .isInstanceOf(CollectorUnavailableException.class).hasMessage("not plugged in");
        assertThatThrownBy(() -> registry.open(Fake.class.getName(), CONTEXT))
                .isInstanceOf(CollectorUnavailableException.class).hasMessageContaining("no public constructor");
        assertThatThrownBy(() -> registry.check("java.lang.String"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not implement");
        assertThatThrownBy(() -> registry.check("no.such.Name")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePlatformsStandInTheOrderOfPreference() {
        List<String> names = CollectorRegistry.standard().names();
        assertThat(names).startsWith("nvidia").endsWith("battery", "null", "macos-powermetrics", "simulated")
                .containsSubsequence("nvidia", "macos", "intel-gpu", "rapl", "jetson", "amd-hsmp", "ampere", "acpi");
    }

    private void refuse(String name, String reason) {
        registry.detect(name, EVERYWHERE, context -> {
            throw new CollectorUnavailableException(reason);
        });
    }

    private static class Fake implements TelemetryCollector {

        final DeviceSample device = new DeviceSample("0", DeviceKind.GPU, "Device");
        boolean closed;

        Fake(double watts) {
            device.powerWatts = watts;
        }

        @Override
        public String platform() {
            return "fake";
        }

        @Override
        public List<DeviceSample> collect() {
            return List.of(device);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Wants to know where the sensors are. */
    public static final class WithContext extends Fake {

        private final CollectorContext context;

        public WithContext(CollectorContext context) {
            super(1);
            this.context = context;
        }
    }

    /** Needs to know nothing. */
    public static final class WithoutContext extends Fake {

        public WithoutContext() {
            super(1);
        }
    }

    /** Cannot work here. */
    public static final class Refusing extends Fake {

        public Refusing() throws CollectorUnavailableException {
            super(1);
            throw new CollectorUnavailableException("not plugged in");
        }
    }
}
