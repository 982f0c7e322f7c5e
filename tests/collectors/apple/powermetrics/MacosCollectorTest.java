package collectors.apple.powermetrics;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.Accounting;
import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The collector with a powermetrics and a sudo that replay recordings; see tests/fixtures/powermetrics. */
@Timeout(60)
class MacosCollectorTest {

    static final Path FIXTURES = fixtures();

    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final int INTERVAL_MILLIS = 50;

    @TempDir
    private Path folder;
    private Map<String, String> environment;

    @BeforeEach
    void replay() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh: powermetrics is replayed by a script");
        environment = new HashMap<>(Map.of(
                "PATH", FIXTURES + File.pathSeparator + System.getenv("PATH"),
                "FAKE_STARTS", folder.resolve("starts").toString(),
                "FAKE_LISTS", FIXTURES.resolve("m-series.plists").toString(),
                "FAKE_THEN", "silent"));
    }

    @Test
    void theChipIsAddedUpAndItsPartsAreShown() throws Exception {
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            awaitJoules(collector, 0.670);
            List<DeviceSample> devices = fresh(collector);
            assertThat(devices).extracting(device -> device.id, device -> device.kind, device -> device.accounting)
                    .containsExactly(tuple("macos-soc", DeviceKind.SYSTEM_ON_CHIP, Accounting.ADDED),
                            tuple("macos-cpu", DeviceKind.CPU_PACKAGE, Accounting.CONTAINED),
                            tuple("macos-gpu", DeviceKind.GPU, Accounting.CONTAINED),
                            tuple("macos-ane", DeviceKind.NEURAL_ENGINE, Accounting.CONTAINED));
            assertJoules(devices, 0.670, 0.600, 0.060, 0.010);
            assertWatts(devices, 3.52, 3.02, 0.4, 0.1);
            assertThat(devices).extracting(device -> device.utilizationPercent)
                    .containsExactly(25.0, UNAVAILABLE, 25.0, UNAVAILABLE);
            assertThat(devices).extracting(device -> device.problem).containsOnlyNulls();
            assertThat(collector.platform()).isEqualTo("macos");
            assertThat(collector.gpuInfo()).isEqualTo(
                    new GpuInfo("Apple GPU", "Apple", "Integrated GPU", "powermetrics"));
            assertThat(devices.get(2).name).as("the model is the device's").isEqualTo("Apple GPU (Mac14,6)");
            assertThat(devices.get(2).integrated).isTrue();
            assertThat(devices).extracting(device -> device.containedIn)
                    .containsExactly("", "macos-soc", "macos-soc", "macos-soc");
            assertThat(devices).extracting(device -> device.energyMissedNanos).containsOnly(0L);
        }
    }

    @Test
    void theGpuAloneIsAddedUpWhereThatIsAskedFor() throws Exception {
        try (MacosCollector collector = open(MacosPower.GPU)) {
            awaitJoules(collector, 0.600);
            List<DeviceSample> devices = fresh(collector);
            assertThat(devices).extracting(device -> device.kind, device -> device.accounting)
                    .containsExactly(tuple(DeviceKind.CPU_PACKAGE, Accounting.BESIDE),
                            tuple(DeviceKind.GPU, Accounting.ADDED),
                            tuple(DeviceKind.NEURAL_ENGINE, Accounting.BESIDE));
            assertJoules(devices, 0.600, 0.060, 0.010);
            assertWatts(devices, 3.02, 0.4, 0.1);
        }
    }

    @Test
    void energyThatComesInBatchesIsCountedAndItsPowerLeftToTheCounter() throws Exception {
        environment.put("FAKE_LISTS", FIXTURES.resolve("m-series-batches.plists").toString());
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            await(() -> {
                List<DeviceSample> devices = fresh(collector);
                assertThat(devices).extracting(device -> device.powerWatts).containsOnly(UNAVAILABLE);
                return devices.get(0).energyCounterJoules > 1.3;
            });
            assertJoules(fresh(collector), 1.312, 1.204, 0.100, 0.008);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMBINED", "GPU"})
    void anIntelMacRefusesASamplerAndGivesItsPackage(MacosPower power) throws Exception {
        environment.put("FAKE_LISTS", FIXTURES.resolve("intel.plists").toString());
        environment.put("FAKE_UNKNOWN", "ane_power");
        try (MacosCollector collector = open(power)) {
            awaitJoules(collector, 2.875);
            assertThat(fresh(collector)).singleElement().satisfies(device -> {
                assertThat(device.kind).isEqualTo(DeviceKind.CPU_PACKAGE);
                assertThat(device.accounting).isEqualTo(Accounting.ADDED);
                assertThat(device.powerWatts).isEqualTo(20);
            });
            assertThat(collector.gpuInfo()).isEqualTo(GpuInfo.NONE);
            assertThat(starts()).hasSize(2);
            // The line for sudoers in the README has these arguments.
            assertThat(starts().get(0)).endsWith(" --samplers cpu_power,gpu_power,ane_power -i 50 -b 1 -f plist");
            assertThat(starts().get(1)).endsWith(" --samplers cpu_power,gpu_power -i 50 -b 1 -f plist");
        }
    }

    @Test
    void theIntervalStaysWithinWhatTheChildIsGiven() throws Exception {
        open(1, false).close();
        open(60_000, false).close();
        assertThat(starts().get(0)).contains("-i 20 ");
        assertThat(starts().get(1)).contains("-i 1000 ");
    }

    @Test
    void malformedAndHugeListsArePassedOver() throws Exception {
        String recording = Files.readString(FIXTURES.resolve("m-series.plists"));
        String list = recording.substring(0, recording.indexOf("</plist>"));
        Path lists = folder.resolve("lists");
        Files.writeString(lists, list.replace("</dict>", "</dct>") + "</plist>\n"
                + list.substring(0, 700) + "</plist>\n"
                + "<plist><string>\n" + ("x".repeat(999) + "\n").repeat(1500) + "</string></plist>\n"
                + recording);
        environment.put("FAKE_LISTS", lists.toString());
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            awaitJoules(collector, 0.670);
            assertThat(starts()).hasSize(1);
        }
    }

    @Test
    void aListThatIsCutByTheEndOfTheChildIsNotCountedAndTheNextChildGoesOn() throws Exception {
        String recording = Files.readString(FIXTURES.resolve("m-series.plists"));
        Path lists = Files.writeString(folder.resolve("lists"),
                recording + recording.substring(0, recording.indexOf("</plist>")) + "\n");
        environment.put("FAKE_LISTS", lists.toString());
        environment.put("FAKE_THEN", "killed");
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            await(() -> {
                double joules = fresh(collector).get(0).energyCounterJoules;
                long millijoules = Math.round(1e3 * joules);
                assertThat(joules).isCloseTo(millijoules / 1e3, within(1e-12));
                assertThat(millijoules % 670).as("of one run").isIn(0L, 162L, 328L, 494L);
                return millijoules > 2 * 670;
            });
            assertThat(starts()).hasSizeGreaterThan(2);
        }
    }

    @Test
    void theTimeBetweenTwoChildrenIsToldAsUncounted() throws Exception {
        environment.put("FAKE_THEN", "killed");
        environment.put("FAKE_PAUSE", "0.06"); // a little longer than the lists claim, as any process is late
        long opened = System.nanoTime();
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            await(() -> starts().size() > 3 && collector.collect().get(0).hasPowerOrEnergy());
            double wallSeconds = (System.nanoTime() - opened) / 1e9;
            List<DeviceSample> devices = collector.collect();
            double missedSeconds = devices.get(0).energyMissedNanos / 1e9;
            assertThat(devices).extracting(device -> device.energyMissedNanos)
                    .containsOnly(devices.get(0).energyMissedNanos);
            // It is started again after 0.25, 0.5 and 1 s.
            assertThat(missedSeconds).isBetween(1.7, wallSeconds);
        }
    }

    @Test
    void aCounterThatStandsStillIsSaidToAndThePowerThatIsListedGoesOn() throws Exception {
        String recording = Files.readString(FIXTURES.resolve("m-series.plists"));
        String list = recording.substring(0, recording.indexOf("</plist>")) + "</plist>\n";
        Path lists = Files.writeString(folder.resolve("lists"),
                list.replaceAll("<key>cpu_energy</key><integer>\\d+", "<key>cpu_energy</key><integer>0")
                        .replace("<integer>50000000</integer>", "<integer>900000000</integer>").repeat(8));
        environment.put("FAKE_LISTS", lists.toString());
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            await(() -> fresh(collector).get(1).problem != null);
            List<DeviceSample> devices = fresh(collector);
            assertThat(devices.get(1).problem).contains("counted no energy");
            assertThat(devices.get(1).energyCounterJoules).isEqualTo(UNAVAILABLE);
            assertThat(devices.get(1).powerWatts).isEqualTo(2.98);
            assertThat(devices.get(0).energyCounterJoules).as("of the chip as a whole").isEqualTo(UNAVAILABLE);
            assertThat(devices.get(0).powerWatts).isEqualTo(3.24);
            assertThat(devices.get(2).energyCounterJoules).as("of the GPU, which counts").isPositive();
        }
    }

    @Test
    void valuesAreUnavailableOnceTheNewestListIsOldAndTheReasonIsSaid() throws Exception {
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            awaitJoules(collector, 0.670);
            await(() -> !collector.collect().get(0).hasPowerOrEnergy());
            assertThat(collector.collect()).allSatisfy(device -> {
                assertThat(device.hasPowerOrEnergy()).isFalse();
                assertThat(device.problem).contains("no property list for");
            });
            // Silent, it is ended and started again.
            await(() -> collector.collect().get(0).hasPowerOrEnergy());
            assertThat(collector.collect().get(0).energyCounterJoules).isGreaterThan(0.670 + 0.161);
            assertThat(starts()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void itsComplaintWhenItDiesLaterIsTheReason() throws Exception {
        Path lists = Files.copy(FIXTURES.resolve("m-series.plists"), folder.resolve("lists"));
        environment.put("FAKE_LISTS", lists.toString());
        environment.put("FAKE_THEN", "powermetrics: the sensors have gone");
        try (MacosCollector collector = open(MacosPower.COMBINED)) {
            Files.writeString(lists, "");
            await(() -> "powermetrics: the sensors have gone".equals(collector.collect().get(0).problem));
            Files.copy(FIXTURES.resolve("m-series.plists"), lists,
                    StandardCopyOption.REPLACE_EXISTING);
            await(() -> collector.collect().get(0).hasPowerOrEnergy());
        }
    }

    @Test
    void withoutRootTheReasonIsItsOwnAndNamesTheRemedy() throws Exception {
        environment.put("FAKE_LISTS", Files.createFile(folder.resolve("nothing")).toString());
        environment.put("FAKE_THEN", "powermetrics must be invoked as the superuser");
        assertThatThrownBy(() -> open(MacosPower.COMBINED)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("must be invoked as the superuser").hasMessageContaining("as root");
        assertThat(starts()).hasSize(1);
    }

    @Test
    void aComplaintOnItsStandardOutputIsHeardToo() throws Exception {
        environment.put("FAKE_LISTS", Files.writeString(folder.resolve("lists"), "out of order\n").toString());
        environment.put("FAKE_THEN", "");
        assertThatThrownBy(() -> open(MacosPower.COMBINED)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("out of order");
    }

    @Test
    void sudoThatWantsAPasswordIsNotWaitedFor() {
        environment.put("FAKE_PASSWORD", "yes");
        assertThatThrownBy(() -> open(INTERVAL_MILLIS, false)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("a password is required").hasMessageContaining("as root");
    }

    @Test
    void aPowermetricsThatStaysSilentIsGivenUpAndEnded() throws Exception {
        environment.put("FAKE_LISTS", Files.createFile(folder.resolve("nothing")).toString());
        assertThatThrownBy(() -> open(INTERVAL_MILLIS, false)).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("no property list for");
        awaitEnd();
    }

    @Test
    void noPowermetricsOrNoSudoOnThePathIsSaid() throws Exception {
        environment.put("PATH", folder.toString());
        assertThatThrownBy(() -> open(MacosPower.COMBINED)).hasMessageContaining("powermetrics");
        Files.copy(FIXTURES.resolve("powermetrics"), folder.resolve("powermetrics"),
                StandardCopyOption.COPY_ATTRIBUTES);
        assertThatThrownBy(() -> open(INTERVAL_MILLIS, false)).hasMessageContaining("sudo is not on the PATH");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsTheChildAndWhatSudoHasStarted(boolean root) throws Exception {
        environment.put("FAKE_THEN", "repeat");
        MacosCollector collector = open(INTERVAL_MILLIS, root);
        assertThat(isAlive()).isTrue();
        collector.close();
        awaitEnd();
        collector.close();
        assertThat(starts()).hasSize(1);
    }

    private MacosCollector open(MacosPower power) throws CollectorUnavailableException {
        return new MacosCollector(context(INTERVAL_MILLIS, power), true, "");
    }

    private MacosCollector open(long intervalMillis, boolean root) throws CollectorUnavailableException {
        return new MacosCollector(context(intervalMillis, MacosPower.COMBINED), root, "");
    }

    private CollectorContext context(long intervalMillis, MacosPower power) {
        return new CollectorContext(Path.of("/sys"), Path.of("/proc"), environment, intervalMillis, "visible", power);
    }

    /** What the newest list says, however old it is. */
    private static List<DeviceSample> fresh(MacosCollector collector) {
        return collector.collect(System.nanoTime() - LIMIT_NANOS);
    }

    private static void awaitJoules(MacosCollector collector, double joules) throws InterruptedException {
        await(() -> {
            double counted = fresh(collector).get(0).energyCounterJoules;
            assertThat(counted).isLessThan(joules + 1e-9);
            return counted > joules - 1e-9;
        });
    }

    private static void assertJoules(List<DeviceSample> devices, double... joules) {
        for (int i = 0; i < joules.length; i++) {
            assertThat(devices.get(i).energyCounterJoules).as(devices.get(i).id).isCloseTo(joules[i], within(1e-12));
        }
    }

    private static void assertWatts(List<DeviceSample> devices, double... watts) {
        for (int i = 0; i < watts.length; i++) {
            assertThat(devices.get(i).powerWatts).as(devices.get(i).id).isCloseTo(watts[i], within(1e-9));
        }
    }

    /** A line per start of powermetrics: its process id and its arguments. */
    private List<String> starts() {
        try {
            return Files.readAllLines(folder.resolve("starts"));
        } catch (IOException e) {
            throw new AssertionError("powermetrics was never started", e);
        }
    }

    private boolean isAlive() {
        return starts().stream().map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                // One that has ended and that nobody has waited for yet has no command any more.
                .anyMatch(handle -> handle.isAlive() && handle.info().command().isPresent());
    }

    private void awaitEnd() throws InterruptedException {
        await(() -> !isAlive());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static Path fixtures() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .map(parent -> parent.resolve("tests/fixtures/powermetrics"))
                .filter(Files::isDirectory).findFirst().orElseThrow();
    }
}
