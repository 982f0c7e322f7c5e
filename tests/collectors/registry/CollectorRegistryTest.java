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
import collectors.registry.CollectorRegistry.Refusal;
import collectors.registry.CollectorSearch.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
        Searched choice = open(CollectorRegistry.AUTO);
        assertThat(choice.primary().name()).isEqualTo("second");
        assertThat(choice.auxiliary()).as("nobody wants them").isEmpty();
        assertThat(choice.refusals()).containsExactly(new Refusal("first", "no driver", ""),
                new Refusal("other-system", Cause.OTHER_SYSTEM, CollectorRegistry.OTHER_SYSTEM, ""));

        Searched all = Searched.of(registry, CollectorRegistry.AUTO, CONTEXT, true);
        assertThat(all.primary().name()).isEqualTo("second");
        assertThat(all.auxiliary()).extracting(Finding::name).containsExactly("third");
        assertThat(all.refusals()).as("those refused once are not tried again").isEqualTo(choice.refusals());
    }

    @Test
    void theOneAskedForIsTriedOnEverySystemAndNeverReplaced() throws Exception {
        registry.detect("other-system", ELSEWHERE, context -> new Fake(100));
        registry.detect("works", EVERYWHERE, context -> new Fake(100));
        refuse("broken", "no driver");
        assertThat(open("other-system").primary().name()).isEqualTo("other-system");
        assertThatThrownBy(() -> open("broken"))
                .isInstanceOf(CollectorUnavailableException.class).hasMessage("no driver");
    }

    @Test
    void oneThatHangsIsLeftBehind() throws Exception {
        registry.detect("hangs", EVERYWHERE, context -> {
            Thread.sleep(60_000);
            return new Fake(100);
        });
        registry.detect("works", EVERYWHERE, context -> new Fake(100));
        Searched choice = open(CollectorRegistry.AUTO);
        assertThat(choice.primary().name()).isEqualTo("works");
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
        Searched choice = Searched.of(registry, CollectorRegistry.AUTO, context, false);
        assertThat(choice.primary().name()).isEqualTo("works");
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
        Searched choice = open(CollectorRegistry.AUTO);
        assertThat(choice.primary().name()).isEqualTo("works");
        assertThat(choice.refusals()).extracting(Refusal::reason).containsExactly(
                "java.lang.NoClassDefFoundError: com/sun/jna/Native",
                "no device gives power or energy (Device: Not Supported)");
        assertThat(opened[0].closing.getCount()).as("closed").isZero();
    }

    @Test
    void oneWhoseDevicesAllSleepIsTakenForWhenTheyWake() throws Exception {
        registry.detect("sleeps", EVERYWHERE, context -> {
            Fake fake = new Fake(DeviceSample.UNAVAILABLE);
            fake.device.sleep();
            return fake;
        });
        assertThat(open(CollectorRegistry.AUTO).primary().name()).isEqualTo("sleeps");
    }

    @Test
    void aClassIsTakenWithTheContextOrWithoutAndNoOther() throws Exception {
        Searched withContext = open(WithContext.class.getName());
        assertThat(((WithContext) withContext.primary().collector()).context).isSameAs(CONTEXT);
        assertThat(open(WithoutContext.class.getName()).primary().collector()).isInstanceOf(WithoutContext.class);
        assertThatThrownBy(() -> open(Refusing.class.getName()))
                .isInstanceOf(CollectorUnavailableException.class).hasMessage("not plugged in");
        assertThatThrownBy(() -> open(Fake.class.getName()))
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

    @Test
    void whileOneTakesItsTimeTheOthersAreFoundAndItIsThePrimaryOneAllTheSame() throws Exception {
        CountDownLatch driverIsReady = new CountDownLatch(1);
        CollectorRegistry patient = new CollectorRegistry(60_000);
        patient.detect("slow", EVERYWHERE, context -> {
            driverIsReady.await();
            return new Fake(700);
        });
        patient.detect("quick", EVERYWHERE, context -> new Fake(100));
        CollectorSearch search = patient.search(CollectorRegistry.AUTO, CONTEXT, true);
        Finding first = search.next();
        assertThat(first.name()).isEqualTo("quick");
        assertThat(first.primary()).isFalse();
        assertThat(search.pending()).containsExactly("slow");
        assertThat(search.primary()).isNotDone();
        driverIsReady.countDown();
        Finding second = search.next();
        assertThat(second.name()).isEqualTo("slow");
        assertThat(second.primary()).isTrue();
        assertThat(search.next()).isNull();
        assertThat(search.next()).as("as often as it is asked").isNull();
        assertThat(search.pending()).isEmpty();
    }

    @Test
    void whatStoodBesideBecomesThePrimaryOneWhenWhatWasWaitedForCannotWork() throws Exception {
        CountDownLatch driverHasFailed = new CountDownLatch(1);
        CollectorRegistry patient = new CollectorRegistry(60_000);
        patient.detect("slow", EVERYWHERE, context -> {
            driverHasFailed.await();
            throw new CollectorUnavailableException("no GPU answers");
        });
        patient.detect("quick", EVERYWHERE, context -> new Fake(100));
        CollectorSearch search = patient.search(CollectorRegistry.AUTO, CONTEXT, true);
        Finding beside = search.next();
        driverHasFailed.countDown();
        assertThat(search.next().refusal()).isEqualTo(new Refusal("slow", "no GPU answers", ""));
        Finding primary = search.next();
        assertThat(primary.primary()).isTrue();
        assertThat(primary.collector()).isSameAs(beside.collector());
        assertThat(search.next()).isNull();
    }

    @Test
    void oneThatOpensAfterItWasGivenUpIsClosed() throws Exception {
        CountDownLatch mayOpen = new CountDownLatch(1);
        Fake late = new Fake(700);
        registry.detect("late", EVERYWHERE, context -> {
            mayOpen.await();
            return late;
        });
        registry.detect("works", EVERYWHERE, context -> new Fake(100));
        assertThat(open(CollectorRegistry.AUTO).primary().name()).isEqualTo("works");
        mayOpen.countDown();
        assertThat(late.closing.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private Searched open(String choice) throws Exception {
        return Searched.of(registry, choice, CONTEXT, false);
    }

    private void refuse(String name, String reason) {
        registry.detect(name, EVERYWHERE, context -> {
            throw new CollectorUnavailableException(reason);
        });
    }

    private static class Fake implements TelemetryCollector {

        final DeviceSample device = new DeviceSample("0", DeviceKind.GPU, "Device");
        final CountDownLatch closing = new CountDownLatch(1);

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
            closing.countDown();
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
