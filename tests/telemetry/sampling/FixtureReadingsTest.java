package telemetry.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.Accounting;
import collectors.CollectorContext;
import collectors.DeviceSample;
import collectors.FakeCollector;
import collectors.GpuInfo;
import collectors.SysfsTree;
import collectors.TelemetryCollector;
import collectors.host.HostInfo;
import collectors.registry.CollectorRegistry;
import collectors.registry.Searched;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;
import telemetry.accounting.MeteredDevice;
import telemetry.accounting.Overlaps;
import telemetry.accounting.Totals;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingEncoder;

/**
 * What is read on the machines of {@code tests/fixtures/sysfs}: compared with their {@code readings.txt}, and in sum
 * with totals worked out by hand. With REWRITE_READINGS=1 in the environment the texts are written anew.
 */
class FixtureReadingsTest {

    private static final double NONE = -1;
    /** The stream carries a counter on by the load until its next step: RAPL's by up to a millisecond in a second. */
    private static final double CARRIED_PART = 0.001;

    @TempDir
    Path sysfs;

    @BeforeEach
    void onlyWhereSysfsIs() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "there is no sysfs on this system");
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aMachineGivesTheReadingsThatItsTextSays(String machine) throws Exception {
        Path golden = SysfsTree.MACHINES.resolve(machine).resolve("readings.txt");
        String text = text(run(machine));
        if ("1".equals(System.getenv("REWRITE_READINGS"))) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    /** At a time in seconds: fields 1 and 2, and 10 and 11. Nothing stands in both. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # 120 + 20 + 100 + 30 W; 2 s of package 1 and DRAM, 20 and 120 J of package 0 through its wrap
            xeon-2-socket           | 2 | rapl      | 270  |  540  |  -1  |  -1
            # 220 W; the 90 W of the cores are among them
            epyc                    | 2 | rapl      | 220  |  440  |  -1  |  -1
            # 180 W once, not four times
            threadripper-multi-die  | 2 | rapl      | 180  |  360  |  -1  |  -1
            # 100 + 50 W, and twice 10 W of DRAM
            xeon-two-dies           | 2 | rapl      | 170  |  340  |  -1  |  -1
            # 2 s of 100 and 50 W since the dies could be compared, 3 s of 10 W of DRAM
            xeon-late-die           | 3 | rapl      | 160  |  330  |  -1  |  -1
            # 10 W of the package, not the 17 of the platform, nor the battery's
            laptop-psys-battery     | 2 | rapl      |  10  |   20  |  -1  |  -1
            # 8 W through a wrap
            laptop-mmio-only        | 2 | rapl      |   8  |   16  |  -1  |  -1
            # 7 x 700 + 600 W; (1120 + 5600) / 2 + (5600 + 5500) / 2; 100 + 150 W of CPUs
            mi300x-node             | 2 | amd       | 5500 | 8910  | 250  | 500
            # the card: (50 + 300) / 2 + (300 + 280) / 2; the 32 W of the CPU's graphics are the CPU's
            radeon-desktop-apu      | 2 | amd       | 280  |  465  |  30  |  60
            # 1 s between 9 and 11 W; then full: joules keep their last value
            laptop-battery-only     | 1 | battery   |  11  |   10  |  -1  |  -1
            laptop-battery-only     | 2 | battery   |  -1  |   10  |  -1  |  -1
            laptop-battery-only     | 3 | battery   |  -1  |   10  |  -1  |  -1
            # 5 V x 2 A, then 3 A, the rails behind it not added; then no voltage
            jetson-orin-nx          | 1 | jetson    |  15  | 12.5  |  -1  |  -1
            jetson-orin-nx          | 2 | jetson    |  -1  | 12.5  |  -1  |  -1
            # 19 V x 1.5 A + 19 V x 0.2 A + 5 V x 0.9 A, with 19 W less on the GPU a second before
            jetson-agx-orin         | 1 | jetson    | 36.8 | 27.3  |  -1  |  -1
            # 19 V x (0.6 + 0.1 + 0.08 + 0.02 + 0.04) A + 5 V x 0.5 A, without the 0.6 A a second before
            jetson-agx-xavier       | 1 | jetson    | 18.46 | 12.76 | -1  |  -1
            # the module of socket 0 and Grace of socket 1: 600 + 150 W, 650 W a second before
            grace                   | 1 | acpi      | 750  |  700  |  -1  |  -1
            grace-hopper-kernel-6   | 1 | acpi      | 650  |  600  |  -1  |  -1
            # the socket: not its rails, not the machine's 900 W, not what only looks like watts
            vera                    | 1 | acpi      | 170  |  160  |  -1  |  -1
            acpi-meter-server       | 1 | acpi      | 330  |  320  |  -1  |  -1
            acpi-meter-server-kernel-6 | 1 | acpi   | 330  |  320  |  -1  |  -1
            # 12 V x 2 A + 12 V x 0.5 A + 5 V x 1 A, with 12 W less a second before; not the 45 W at the carrier's input
            jetson-thor             | 1 | jetson    |  35  |   29  |  -1  |  -1
            # 20 V x (0.9 + 0.1) A + 5 V x 0.8 A, with 10 W less a second before; not the carrier's rails
            igx-orin                | 1 | jetson    |  24  |   19  |  -1  |  -1
            # the input rail: 2.5 W, then 7.5 W
            jetson-nano-jetpack-4   | 1 | jetson    |  7.5 |    5  |  -1  |  -1
            # 220 + 120 W, with 40 W less a second before
            epyc-2-socket-hsmp      | 1 | amd-hsmp  | 340  |  320  |  -1  |  -1
            # 80 + 20 W, with 20 W less a second before
            altra                   | 1 | ampere    | 100  |   90  |  -1  |  -1
            # the card, and not the GPU on it once more; then asleep, while the CPU draws 30 W
            intel-arc-desktop       | 2 | intel-gpu | 150  |  300  |  30  |  60
            intel-arc-desktop       | 3 | intel-gpu |  -1  |  300  |  30  |  90
            intel-arc-i915          | 2 | intel-gpu | 120  |  240  |  -1  |  -1
            # package 0 disabled; 1, 2 and 3 with 10 W each
            rapl-troubles           | 1 | rapl      |  -1  |   30  |  -1  |  -1
            # 1 stalled after 20 J; 2: 10 + 60 J around its jump; 3: 80 J whatever it hid meanwhile
            rapl-troubles           | 8 | rapl      |  20  |  170  |  -1  |  -1
            # 25 W of the package that is mounted
            container-half-mounted  | 2 | rapl      |  25  |   50  |  -1  |  -1
            container-nothing-readable | 0 | null   |  -1  |   -1  |  -1  |  -1
            container-links-only    | 0 | null      |  -1  |   -1  |  -1  |  -1
            """)
    void totalsAreThoseWorkedOutByHand(String machine, double seconds, String platform, double watts, double joules,
                                       double cpuWatts, double cpuJoules) throws Exception {
        TelemetryReading reading = run(machine).readings.stream()
                .filter(one -> one.getTimestampNanos() == Math.round(seconds * 1e9)).findFirst().orElseThrow();
        assertThat(reading.getPlatform()).isEqualTo(platform);
        assertThat(reading.getPowerWatts()).isCloseTo(watts, within(1e-6));
        assertThat(reading.getEnergyJoules()).isCloseTo(joules, within(CARRIED_PART * Math.abs(joules) + 1e-6));
        assertThat(reading.getCpuPowerWatts()).isCloseTo(cpuWatts, within(1e-6));
        assertThat(reading.getCpuEnergyJoules()).isCloseTo(cpuJoules,
                within(CARRIED_PART * Math.abs(cpuJoules) + 1e-6));
        assertThat(reading.getAnePowerWatts()).isEqualTo(NONE);
    }

    @Test
    void everyMachineHasItsTotalsWorkedOut() throws Exception {
        String source = Files.readString(Path.of("tests/telemetry/sampling/FixtureReadingsTest.java"));
        assertThat(machines()).isNotEmpty().allSatisfy(machine ->
                assertThat(source).containsPattern("\n +" + machine + " +\\|"));
    }

    @Test
    void whatIsNotReadableIsToldWithTheRemedy() throws Exception {
        assertThat(run("container-nothing-readable").choices).anySatisfy(line -> assertThat(line)
                .startsWith("rapl refused").contains("energy_uj").contains("udev rule"));
        assertThat(run("container-links-only").choices).anySatisfy(line -> assertThat(line)
                .startsWith("rapl refused").contains("mount sys/devices/virtual/powercap"));
    }

    /** Alone, and with the GPUs of two vendors beside. */
    @ParameterizedTest
    @MethodSource("machines")
    void theTotalCountsNothingTwiceAndLeavesNothingOut(String machine) throws Exception {
        List<DeviceState> states = run(machine).states;
        check(states);
        List<DeviceState> all = new ArrayList<>();
        for (String vendor : List.of("nvidia", "amd")) {
            if (states.stream().noneMatch(state -> state.platform.equals(vendor))) {
                for (int i = 0; i < 2; i++) {
                    DeviceSample gpu = FakeCollector.gpu(vendor + i, 300);
                    DeviceState state = new DeviceState(vendor, all.isEmpty() || i > 0 && all.size() == 1, i,
                            new MeteredDevice(gpu));
                    state.sample.copyFrom(gpu);
                    state.powerWatts = 300;
                    all.add(state);
                }
            }
        }
        int gpus = all.size();
        all.addAll(states);
        check(all);
        assertThat(all.subList(0, gpus)).as("cards in slots are part of nothing else")
                .allMatch(state -> state.inTotal);
    }

    private static void check(List<DeviceState> states) {
        Overlaps.mark(states);
        MachineTotal total = new MachineTotal();
        total.sum(states);
        List<DeviceState> counted = states.stream().filter(state -> state.inTotal).toList();
        assertThat(Overlaps.outermost(states, states)).as("who selects all").isEqualTo(counted);
        if (counted.stream().allMatch(state -> state.powerWatts >= 0)) {
            assertThat(total.powerWatts).isCloseTo(counted.isEmpty() ? NONE
                    : counted.stream().mapToDouble(state -> state.powerWatts).sum(), within(1e-9));
        } else {
            assertThat(total.powerWatts).isEqualTo(NONE);
            assertThat(total.problem).isNotNull();
        }
        for (DeviceState one : counted) {
            for (DeviceState other : counted) {
                assertThat(one.sample.isPartOf(other.sample)).as("%s in %s", one.label(), other.label()).isFalse();
            }
        }
        boolean onlyWholeMachine = states.stream().allMatch(state -> state.sample.kind.isWholeMachine());
        for (DeviceState left : states) {
            boolean covered = left.inTotal || !onlyWholeMachine && left.sample.kind.isWholeMachine()
                    || counted.stream().anyMatch(whole -> left.sample.isPartOf(whole.sample)
                    || left.sample.isSameAs(whole.sample) || left.sample.containedIn.equals(whole.sample.id))
                    || left.sample.accounting == Accounting.CONTAINED || onlyWholeMachine;
            assertThat(covered).as(left.label() + " is in no sum").isTrue();
        }
    }

    static List<String> machines() throws Exception {
        try (Stream<Path> folders = Files.list(SysfsTree.MACHINES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    /** What was chosen, and a reading for every time at which the machine changes. */
    private record Run(List<String> choices, List<TelemetryReading> readings, List<DeviceState> states) {
    }

    /** A collector whose samples do not say when they were read: that would be by the clock of the real machine. */
    private record OnTheTestsClock(TelemetryCollector real) implements TelemetryCollector {

        @Override
        public String platform() {
            return real.platform();
        }

        @Override
        public GpuInfo gpuInfo() {
            return real.gpuInfo();
        }

        @Override
        public List<DeviceSample> collect() throws Exception {
            List<DeviceSample> samples = real.collect();
            samples.forEach(sample -> {
                sample.askedNanos = 0;
                sample.answeredNanos = 0;
            });
            return samples;
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private Run run(String machine) throws Exception {
        Path root = Files.createDirectory(sysfs.resolve(machine));
        SysfsTree tree = new SysfsTree(SysfsTree.MACHINES.resolve(machine).resolve("sys.txt"), root);
        CollectorContext context = SysfsTree.context(root);
        CollectorRegistry registry = SysfsTree.registry();
        Searched found = Searched.of(registry, CollectorRegistry.AUTO, context, true);
        long[] now = {0};
        List<CollectorLoop> loops = new ArrayList<>();
        List<String> choices = new ArrayList<>();
        choices.add(found.primary().name() + " primary");
        found.auxiliary().forEach(other -> choices.add(other.name() + " auxiliary"));
        found.collectors().forEach(collector ->
                loops.add(new CollectorLoop(new OnTheTestsClock(collector), () -> now[0])));
        found.refusals().forEach(refusal -> choices.add(
                refusal.name() + " refused: " + refusal.reason().replace(root.toString(), "/sys")));
        List<TelemetryReading> readings = new ArrayList<>();
        for (double time : tree.times()) {
            if (time > 0) {
                tree.apply(time);
            }
            now[0] = Math.round(time * 1e9);
            loops.forEach(CollectorLoop::sweep);
            readings.add(reading(loops, time));
        }
        loops.forEach(CollectorLoop::close);
        return new Run(choices, readings, states(loops, now[0]));
    }

    private static TelemetryReading reading(List<CollectorLoop> loops, double seconds) throws Exception {
        CollectorLoop primary = loops.get(0);
        List<DeviceState> states = states(loops, Math.round(seconds * 1e9));
        Totals totals = new Totals();
        totals.sum(states);
        Overlaps.mark(states);
        MachineTotal total = new MachineTotal();
        total.sum(states);
        AuxiliaryTotals auxiliary = new AuxiliaryTotals();
        auxiliary.sum(states);
        HostInfo host = new HostInfo("", "", "", "", 1, "");
        byte[] message = new ReadingEncoder(primary.collector().platform(), host, primary.collector().gpuInfo())
                .encode(totals, auxiliary, NONE, Math.round(seconds * 1e9));
        return TelemetryReading.parseFrom(DetailsEncoder.append(new Reading(1, 0, 0, message,
                DetailsEncoder.encode(states, total, 1, 1000, 0)), 0));
    }

    private static List<DeviceState> states(List<CollectorLoop> loops, long nowNanos) {
        List<DeviceState> states = new ArrayList<>();
        for (CollectorLoop loop : loops) {
            for (int i = 0; i < loop.devices().length; i++) {
                DeviceState state = new DeviceState(loop.collector().platform(), loop == loops.get(0), i,
                        loop.devices()[i]);
                loop.devices()[i].fill(state, nowNanos);
                states.add(state);
            }
        }
        return states;
    }

    private static String text(Run run) {
        StringBuilder text = new StringBuilder();
        run.choices.forEach(line -> text.append(line).append('\n'));
        for (TelemetryReading reading : run.readings) {
            text.append(String.format(Locale.ROOT, "%nat %.1f s%n", reading.getTimestampNanos() / 1e9));
            text.append(line("platform " + reading.getPlatform() + (reading.getGpuInfo().getName().isEmpty() ? ""
                    : ", " + reading.getGpuInfo().getName()), reading.getPowerWatts(), reading.getEnergyJoules()));
            text.append(line("cpu beside it", reading.getCpuPowerWatts(), reading.getCpuEnergyJoules()));
            for (DeviceReading device : reading.getDetails().getDevicesList()) {
                text.append("  ").append(line(device.getKind() + " " + device.getName() + " (" + device.getId() + ")",
                        device.getPowerWatts(), device.getEnergyJoules()).stripTrailing());
                text.append(' ').append(device.getAccounting()).append(device.getProblem().isEmpty() ? ""
                        : ", " + device.getProblem().replaceFirst("/\\S*/junit[^/]*/[^/]*/", "/sys/")).append('\n');
            }
        }
        return text.toString();
    }

    private static String line(String what, double watts, double joules) {
        return String.format(Locale.ROOT, "%-64s %10.3f W %12.3f J%n", what, watts, joules);
    }
}
