package collectors.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.FakeCollector;
import e2e.Program;
import e2e.Project;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.EnergyResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.accounting.CpuFields;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;

/** Meters beside a GPU: one that answers, one that hangs, one that is away. */
@Tag("whole-programs")
@Timeout(60)
class BesideTest {

    private final FakeCollector gpu = new FakeCollector("fake", gpu());
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private WebMeter web;
    private Sensors sensors;

    private static DeviceSample gpu() {
        DeviceSample sample = new DeviceSample("gpu-0", DeviceKind.GPU, "GPU");
        sample.powerWatts = 100;
        return sample;
    }

    @BeforeEach
    void start() throws Exception {
        web = WebMeter.plain();
        web.json("/plug", "{'apower':182.5}");
        web.on("/hang", exchange -> TimeUnit.MINUTES.sleep(5));
    }

    @AfterEach
    void end() {
        if (sensors != null) {
            sensors.close();
        }
        executor.shutdownNow();
        web.close();
    }

    private void measure(String... paths) throws Exception {
        String keys = ",json=$.apower,unit=W,every=200ms,delay=100ms";
        List<MeterSettings> meters = List.of(paths).stream()
                .map(path -> MeterSettings.parse("http=" + path + keys + ",name=" + path.replaceAll(".*/", ""))).toList();
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 20, "all",
                CollectorContext.MacosPower.COMBINED);
        sensors = new Sensors(new Sensors.Settings("fake", false, context, "1.2.3", CpuFields.COMBINED,
                List.copyOf(MeterCollector.of(meters))), FakeCollector.registry(gpu));
        sensors.start(new Broadcast(), executor);
    }

    @Test
    void eachIsShownBesideTheTotalWithItsAgeOrItsReasonAndNoneHoldsUpAnything() throws Exception {
        String away = "http://127.0.0.1:" + port() + "/away";
        measure(base() + "/plug", base() + "/hang", away);
        long from = sensors.mark().get();
        TimeUnit.SECONDS.sleep(1);
        Map<String, DeviceReading> devices;
        do { // until a meter that says nothing is said to hang; readings come all the time
            TimeUnit.MILLISECONDS.sleep(100);
            devices = devices();
        } while (!devices.containsKey("http-hang") || devices.get("http-plug").getPowerWatts() < 0
                || !devices.get("http-hang").getProblem().equals(Meter.NO_ANSWER)
                || devices.get("http-away").getProblem().equals(Meter.NO_ANSWER));
        assertThat(devices.get("gpu-0").getPowerWatts()).isEqualTo(100);
        assertThat(devices.get("gpu-0").getPowerAgeSeconds()).isEqualTo(-1);
        assertThat(devices.get("gpu-0").getInTotal()).isTrue();
        DeviceReading plug = devices.get("http-plug");
        assertThat(plug.getPowerWatts()).isEqualTo(182.5);
        assertThat(plug.getPowerAgeSeconds()).isBetween(0.0, 3.0);
        assertThat(plug.getKind()).isEqualTo("outlet");
        assertThat(plug.getInTotal()).isFalse();
        DeviceReading hanging = devices.get("http-hang");
        assertThat(hanging.getPowerWatts()).isEqualTo(-1);
        assertThat(hanging.getPowerAgeSeconds()).isEqualTo(-1);
        assertThat(hanging.getProblem()).isEqualTo(Meter.NO_ANSWER);
        assertThat(devices.get("http-away").getProblem()).endsWith("/away (HTTP 404)");

        long asked = System.nanoTime();
        EnergyResponse energy = sensors.energy(from, 0).get();
        assertThat((System.nanoTime() - asked) / 1e9).as("no answer waits for the one that hangs").isLessThan(2.5);
        assertThat(energy.getTotal().getMeanWatts()).isCloseTo(100, within(1e-6));
    }

    @Test
    void aMeterAloneIsMeasuredByTheCommandAndIsTheTotal() throws Exception {
        try (Program program = Program.start(Project.ROOT, Map.of(), Project.java("measure", "--collector", "null",
                "--beside", "http=" + base() + "/plug,json=$.apower,unit=W,every=200ms,delay=100ms", "--json", "--",
                "sleep", "1"))) {
            assertThat(program.exitCode()).as(program.toString()).isZero();
            String report = String.join("\n", program.err());
            assertThat(report).contains("\"platform\": \"http\"").contains("182.5");
        }
    }

    @Test
    void theReportSaysWhyAMeterHasNoJoules() throws Exception {
        try (Program program = Program.start(Project.ROOT, Map.of(), Project.java("measure", "--collector", "simulated",
                "--beside", "http=" + base() + "/away,json=$.apower,unit=W", "--", "sleep", "0.3"))) {
            assertThat(program.exitCode()).as(program.toString()).isZero();
            assertThat(program.err()).anyMatch(line -> line.startsWith("no joules of http 0 "));
        }
    }

    private Map<String, DeviceReading> devices() throws Exception {
        DescribeResponse described = sensors.describe().get();
        assertThat(described.getCollectorsList()).anySatisfy(collector -> {
            assertThat(collector.getName()).isEqualTo("http");
            assertThat(collector.getRole()).isEqualTo("auxiliary");
            assertThat(collector.getSource()).contains("/plug", "/hang");
        });
        return described.getDevicesList().stream()
                .collect(Collectors.toMap(DeviceReading::getId, Function.identity()));
    }

    private String base() {
        return "http://127.0.0.1:" + port();
    }

    private int port() {
        return web.port();
    }
}
