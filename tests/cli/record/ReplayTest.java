package cli.record;

import static cli.record.MadeUpRecording.BEGIN_NANOS;
import static cli.record.MadeUpRecording.READINGS;
import static cli.record.MadeUpRecording.STEP_NANOS;
import static cli.record.MadeUpRecording.joules;
import static cli.record.MadeUpRecording.nanos;
import static cli.record.MadeUpRecording.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import collectors.host.HostInfo;
import collectors.replay.Replay;
import collectors.replay.ReplayRequest;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergyTimeline;

/** What record writes, replayed in simulated time: what it tells, when, and how its joules add up. */
class ReplayTest {

    private static final long START = 5_000_000_000_000L;

    @TempDir
    private Path folder;
    private long now = START;

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.jsonl", "a.csv.gz", "a.jsonl.gz", "a.parquet"})
    void everyReadingIsToldAsItWasRecorded(String name) throws Exception {
        List<TelemetryReading> recorded = MadeUpRecording.readings();
        Replay replay = open(MadeUpRecording.write(folder.resolve(name), recorded), "");
        assertThat(replay.collectors()).extracting(TelemetryCollector::platform).containsExactly("nvidia", "rapl");
        TelemetryCollector gpus = replay.collectors().get(0);
        int told = 0;
        long shift = START - STEP_NANOS / 2; // looks lie half-way between the readings
        for (long last = 0; told < READINGS; now += STEP_NANOS) {
            List<DeviceSample> devices = gpus.collect();
            if (gpus.momentNanos() == 0 || gpus.momentNanos() == last) {
                assertThat(nanos(told) + shift - now).as("a gap before reading " + told).isPositive();
                continue;
            }
            last = gpus.momentNanos();
            assertThat(last - shift).as("moment of reading " + told).isEqualTo(nanos(told));
            List<DeviceReading> expected = recorded.get(told).getDetails().getDevicesList();
            List<DeviceSample> cpus = replay.collectors().get(1).collect();
            assertThat(devices).hasSize(2);
            assertSame(expected.get(0), devices.get(0));
            assertSame(expected.get(1), devices.get(1));
            if (expected.size() > 2) {
                assertSame(expected.get(2), cpus.get(0));
            }
            assertThat(replay.host().memoryUsedMb()).isEqualTo(recorded.get(told).getCpuMemoryUsageMb());
            told++;
        }
        now += STEP_NANOS;
        assertThat(gpus.collect()).allSatisfy(device -> {
            assertThat(device.hasPowerOrEnergy()).isFalse();
            assertThat(device.problem).isEqualTo("the recording ended");
        });
    }

    private static void assertSame(DeviceReading expected, DeviceSample told) {
        assertThat(told.id).isEqualTo(expected.getId());
        assertThat(told.name).isEqualTo(expected.getName());
        assertThat(told.kind.name()).isEqualToIgnoringCase(expected.getKind());
        assertThat(told.accounting.name()).isEqualToIgnoringCase(expected.getAccounting());
        assertThat(told.powerWatts).isEqualTo(expected.getPowerWatts());
        assertThat(told.temperatureCelsius).isEqualTo(expected.getTemperatureCelsius());
        assertThat(told.memoryUsedMb).isEqualTo(expected.getMemoryUsedMb());
        assertThat(told.memoryTotalMb).isEqualTo(expected.getMemoryTotalMb());
        assertThat(told.utilizationPercent).isEqualTo(expected.getUtilizationPercent());
        assertThat(told.memoryUtilizationPercent).isEqualTo(expected.getMemoryUtilizationPercent());
        assertThat(told.smActivityPercent).isEqualTo(expected.getSmActivityPercent());
        assertThat(told.tensorActivityPercent).isEqualTo(expected.getTensorActivityPercent());
        assertThat(told.dramActivityPercent).isEqualTo(expected.getDramActivityPercent());
        assertThat(told.powerLimitWatts).isEqualTo(expected.getPowerLimitWatts());
        assertThat(told.recordedInTotal).isEqualTo(expected.getInTotal());
        assertThat(told.problem == null ? "" : told.problem).isEqualTo(expected.getProblem());
        boolean counts = expected.getEnergySourceValue() == 1;
        assertThat(told.energyCounterJoules).isEqualTo(counts ? expected.getEnergyJoules() : -1);
    }

    @ParameterizedTest
    @CsvSource({"a.jsonl, 64, EPYC, Debian", "a.parquet, 64, EPYC, Debian", "a.csv, 0, '', ''"})
    void theMachineIsTheRecordedOne(String name, int cpus, String brand, String system) throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve(name), MadeUpRecording.readings()), "");
        assertThat(replay.host().info()).isEqualTo(new HostInfo(system, "", "", "node-ü", cpus, brand));
        GpuInfo gpu = replay.collectors().get(0).gpuInfo();
        assertThat(gpu.vendor()).isEqualTo("NVIDIA");
        assertThat(gpu.backend()).isEqualTo("NVML");
        assertThat(gpu.name()).endsWith(" x2");
    }

    @Test
    void anIntervalUsesWhatWasCountedInIt() throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.parquet"), MadeUpRecording.readings()), "");
        EnergyTimeline counted = new EnergyTimeline();
        EnergyTimeline integrated = new EnergyTimeline();
        TelemetryCollector gpus = replay.collectors().get(0);
        for (; now < START + nanos(READINGS - 1) + STEP_NANOS; now += STEP_NANOS) {
            List<DeviceSample> devices = gpus.collect();
            counted.add(devices.get(0), now, now);
            integrated.add(devices.get(1), now, now);
        }
        long shift = START - STEP_NANOS / 2;
        EnergyInterval across = counted.between(shift + nanos(10), shift + nanos(190));
        assertThat(across.joules()).as("with the gap").isCloseTo(joules(190) - joules(10), offset(0.5));
        EnergyInterval within = counted.between(shift + nanos(20), shift + nanos(110));
        assertThat(within.joules()).isCloseTo(joules(110) - joules(20), offset(0.1));
        assertThat(within.problem()).isNull();
        assertThat(integrated.between(shift + nanos(90), shift + nanos(110)).joules())
                .isCloseTo(200 * (nanos(110) - nanos(90)) / 1e9, offset(0.5));
    }

    @Test
    void powerTimesTimeIsEnergyAtAnySpeed() throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.csv"), MadeUpRecording.readings()), ",speed=4");
        TelemetryCollector gpus = replay.collectors().get(0);
        double first = gpus.collect().get(0).energyCounterJoules;
        double previous = 0;
        for (int n = 4; n <= 100; n += 4) {
            now = START + nanos(n) / 4;
            DeviceSample gpu = gpus.collect().get(0);
            assertThat(gpu.powerWatts).isEqualTo(watts(n));
            double counted = gpu.energyCounterJoules - first;
            assertThat(counted).isCloseTo((joules(n) - joules(0)) / 4, offset(1e-6)).isGreaterThan(previous);
            previous = counted;
        }
    }

    @Test
    void aLoopGoesOnCounting() throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.jsonl.gz"),
                MadeUpRecording.readings().subList(0, 40)), ",loop");
        TelemetryCollector gpus = replay.collectors().get(0);
        double first = gpus.collect().get(0).energyCounterJoules;
        double pass = joules(39) - joules(0) + (watts(39) + watts(0)) / 2 * STEP_NANOS / 1e9;
        double before = 0; // where it begins again lies an interval, which is 50 or 51 ms here
        for (int n = 1; n < 200; n++) {
            now += STEP_NANOS;
            DeviceSample gpu = gpus.collect().get(0);
            assertThat(gpu.powerWatts).isEqualTo(watts(n % 40));
            double counted = gpu.energyCounterJoules - first;
            assertThat(counted).isGreaterThan(before)
                    .isCloseTo(n / 40 * pass + joules(n % 40) - joules(0), offset(1e-6 + 0.26 * (n / 40)));
            before = counted;
        }
    }

    @Test
    void aLoopThatNobodyLooksAtForLongLosesNoJoules() throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.csv"),
                MadeUpRecording.readings().subList(0, 40)), ",loop");
        TelemetryCollector gpus = replay.collectors().get(0);
        double first = gpus.collect().get(0).energyCounterJoules;
        double pass = joules(39) - joules(0) + (watts(39) + watts(0)) / 2 * STEP_NANOS / 1e9;
        now += 50 * (nanos(39) + STEP_NANOS);
        assertThat(gpus.collect().get(0).energyCounterJoules - first).isCloseTo(50 * pass, offset(pass / 20));
    }

    @Test
    void aMonitorThatWasStartedAnewHasNotCountedMeanwhile() throws Exception {
        List<TelemetryReading> readings = new ArrayList<>(MadeUpRecording.readings().subList(0, 20));
        for (int n = 20; n < 40; n++) {
            TelemetryReading.Builder reading = MadeUpRecording.reading(n, "node-ü").toBuilder();
            reading.getDetailsBuilder().getDevicesBuilder(0).setEnergyJoules(joules(n) - joules(20));
            readings.add(reading.build());
        }
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.csv"), readings), "");
        TelemetryCollector gpus = replay.collectors().get(0);
        double before = 0;
        for (int n = 0; n < 40; n++, now += STEP_NANOS) {
            DeviceSample gpu = gpus.collect().get(0);
            assertThat(gpu.energyCounterJoules).isGreaterThanOrEqualTo(before);
            assertThat(gpu.energyMissedNanos).isEqualTo(n < 20 ? 0 : nanos(20) - nanos(19));
            before = gpu.energyCounterJoules;
        }
        assertThat(before).isCloseTo(joules(39) - (joules(20) - joules(19)), offset(1e-6));
    }

    @Test
    void looksThatComeLateLoseNoReading() throws Exception {
        Replay replay = open(MadeUpRecording.write(folder.resolve("a.csv"), MadeUpRecording.readings()), "");
        TelemetryCollector gpus = replay.collectors().get(0);
        for (int n = 0; n < 100; n++) {
            now = START + n * STEP_NANOS + (n % 7 == 3 ? 40_000_000 : 0);
            gpus.collect();
            assertThat(gpus.momentNanos() - START + STEP_NANOS / 2).isEqualTo(nanos(n));
        }
    }

    @Test
    void oneOfSeveralMachinesIsChosen() throws Exception {
        Path file = folder.resolve("both.jsonl");
        try (RecordFile target = RecordFile.create(file, true, true)) {
            for (int n = 0; n < 20; n++) {
                target.append("a:1", MadeUpRecording.reading(n, "one"));
                target.append("b:2", MadeUpRecording.reading(n + 10, "two"));
            }
        }
        assertThatThrownBy(() -> open(file, "")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageEndingWith("has several machines (a:1, b:2): choose one with ,host=NAME");
        assertThatThrownBy(() -> open(file, ",host=c")).hasMessageEndingWith("has no machine 'c'; it has a:1, b:2");
        Replay replay = open(file, ",host=b:2");
        assertThat(replay.host().info().hostName()).isEqualTo("two");
        assertThat(replay.collectors().get(0).collect().get(0).energyCounterJoules).isEqualTo(joules(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.jsonl", "a.csv.gz", "a.jsonl.gz", "a.parquet"})
    void aFileThatWasCutIsReplayedUpToThere(String name) throws Exception {
        byte[] whole = Files.readAllBytes(MadeUpRecording.write(folder.resolve(name), MadeUpRecording.readings()));
        int replayed = 0;
        for (int percent = 0; percent < 100; percent += 9) {
            Path cut = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, whole.length * percent / 100));
            Replay replay;
            try {
                replay = open(cut, "");
            } catch (CollectorUnavailableException e) {
                assertThat(e.getMessage()).contains("cut-" + name).doesNotContain("\n", "Exception");
                continue;
            }
            replayed++;
            TelemetryCollector gpus = replay.collectors().get(0);
            for (int n = 0; n < READINGS * percent / 150; n++, now += STEP_NANOS) {
                DeviceSample gpu = gpus.collect().get(0);
                assertThat(gpu.powerWatts).isIn(-1.0, watts(n), watts(Math.max(0, n - 1)));
            }
            replay.collectors().forEach(TelemetryCollector::close);
            now = START;
        }
        assertThat(replayed).as("of 12 cuts").isGreaterThanOrEqualTo(name.endsWith("parquet") ? 0 : 10);
    }

    @Test
    void aParquetFileThatWasCutIsReadUpToItsLastWholeContents() throws Exception {
        Path file = folder.resolve("a.parquet");
        List<Long> lengths = new ArrayList<>();
        try (ParquetFile target = new ParquetFile(file, 0)) {
            for (TelemetryReading reading : MadeUpRecording.readings().subList(0, 20)) {
                target.append("node-ü", reading);
                lengths.add(Files.size(file));
            }
            byte[] growing = Files.readAllBytes(file);
            Files.write(file.resolveSibling("cut.parquet"), Arrays.copyOf(growing, (int) (lengths.get(9) + 50)));
        }
        Replay replay = open(folder.resolve("cut.parquet"), "");
        TelemetryCollector gpus = replay.collectors().get(0);
        for (int n = 0; n < 10; n++, now += STEP_NANOS) {
            assertThat(gpus.collect().get(0).powerWatts).isEqualTo(watts(n));
        }
        now += STEP_NANOS;
        assertThat(gpus.collect().get(0).problem).isEqualTo("the recording ended");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": 1}              | its first line is no host and no reading
            {"type": "reading     | there is no whole line in it
            time,watts;1,2        | is no recording made by record
            PAR1                  | was cut, and no table of contents is left in it
            timestamp_nanos,time_utc,host,kind; | holds no whole reading
            """)
    void whatIsNoRecordingIsToldInALine(String text, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("other"),
                text.contains("reading") || text.equals("PAR1") ? text : text.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> open(file, "")).isInstanceOf(CollectorUnavailableException.class)
                .hasMessageContaining("other").hasMessageContaining(reason);
    }

    @Test
    void aFileThatIsNotThereIsToldInALine() {
        assertThatThrownBy(() -> open(folder.resolve("none.csv"), "")).hasMessageStartingWith("there is no file '");
        assertThatThrownBy(() -> open(folder.resolve("none.csv"), ",sped=2")).hasMessageEndingWith(
                "none.csv,sped=2'; what may follow a file is ,speed=N or ,loop or ,host=NAME");
        assertThatThrownBy(() -> open(folder, "")).hasMessageEndingWith("is no plain file");
    }

    @Test
    void recordingsOfBeforeTheLatestColumnsAreRead() throws Exception {
        Path file = Files.writeString(folder.resolve("old.csv"), """
                timestamp_nanos,time_utc,host,sequence,device_id,index,kind,name,platform,power_watts,energy_joules,\
                temperature_celsius,memory_used_mb,memory_total_mb,utilization_percent,power_limit_watts,\
                energy_source,accounting
                %d,x,n,1,,,total,,nvidia,5.0,7.0,,,,,,,
                %d,x,n,1,G,0,gpu,H100,nvidia,5.0,7.0,30.0,1.0,2.0,3.0,4.0,counter,added
                """.formatted(BEGIN_NANOS, BEGIN_NANOS));
        DeviceSample gpu = open(file, "").collectors().get(0).collect().get(0);
        assertThat(gpu.kind).isEqualTo(DeviceKind.GPU);
        assertThat(gpu.powerWatts).isEqualTo(5);
        assertThat(gpu.energyCounterJoules).isEqualTo(7);
        assertThat(gpu.recordedInTotal).isNull();
    }

    private Replay open(Path file, String options) throws CollectorUnavailableException {
        return Replay.open(ReplayRequest.parse("replay:" + file + options), 50, () -> now);
    }
}
