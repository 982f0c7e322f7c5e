package cli.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import collectors.CollectorContext;
import collectors.gpu.FakeNvml;
import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import energy.DeviceReading;
import energy.EnergyResponse;
import energy.TelemetryReading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** A fake NVML recorded in every format, each replayed in real time: what the replay streams is what was recorded. */
@Timeout(60)
class FullCircleTest {

    private static final CollectorContext CONTEXT = FakeNvml.context("all", Map.of());
    private static final int SECONDS = 4;

    @TempDir
    private Path folder;

    /** Sensors, with all that they published. */
    private static final class Run implements AutoCloseable {

        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        private final Broadcast broadcast = new Broadcast();
        private final List<TelemetryReading> readings = new ArrayList<>();
        private final Sensors sensors;

        Run(String collector, CollectorRegistry registry) throws Exception {
            sensors = new Sensors(new Sensors.Settings(collector, false, CONTEXT, "1"), registry);
            broadcast.subscribe(new Broadcast.Subscriber() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void send(Reading reading, long dropped) {
                    take(reading);
                }

                @Override
                public void complete() {
                    // ends with the run
                }
            }, true, 0).start();
            sensors.start(broadcast, executor);
        }

        private synchronized void take(Reading reading) {
            try {
                readings.add(TelemetryReading.parseFrom(DetailsEncoder.append(reading, 0)));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }

        synchronized List<TelemetryReading> readings() {
            return List.copyOf(readings);
        }

        @Override
        public void close() {
            sensors.close();
            executor.shutdownNow();
        }
    }

    @Test
    void whatIsReplayedIsWhatWasRecorded() throws Exception {
        List<TelemetryReading> recorded = record();
        List<String> names = List.of("a.jsonl", "a.csv.gz", "a.parquet");
        for (String name : names) {
            MadeUpRecording.write(folder.resolve(name), recorded);
        }
        List<Run> runs = new ArrayList<>();
        for (String name : names) {
            runs.add(new Run("replay:" + folder.resolve(name), CollectorRegistry.standard()));
        }
        TimeUnit.SECONDS.sleep(SECONDS);
        for (int i = 0; i < runs.size(); i++) {
            try (Run run = runs.get(i)) {
                check(names.get(i), recorded, run);
            }
        }
    }

    private static List<TelemetryReading> record() throws Exception {
        FakeNvml nvml = FakeNvml.create();
        CollectorRegistry registry = new CollectorRegistry().detect("nvidia", EnumSet.allOf(OperatingSystem.class),
                context -> nvml.open("gpus=2;load_period_ms=700;load_high_ms=300;load_high_mw=600000;"
                        + "load_low_mw=90000;energy_publish_ms=100;gpu1.error.nvmlDeviceGetTemperature*=3"));
        try (Run run = new Run("nvidia", registry)) {
            TimeUnit.MILLISECONDS.sleep(SECONDS * 1000 / 2);
            nvml.set("gpu1.error=15");
            TimeUnit.MILLISECONDS.sleep(SECONDS * 1000 / 4);
            nvml.set("gpu1.error=0");
            TimeUnit.MILLISECONDS.sleep(SECONDS * 1000 / 4);
            return run.readings();
        }
    }

    private static void check(String name, List<TelemetryReading> recorded, Run run) throws Exception {
        List<TelemetryReading> replayed = run.readings();
        TreeMap<Long, TelemetryReading> byTime = new TreeMap<>();
        recorded.forEach(reading -> byTime.put(reading.getTimestampNanos(), reading));
        long shift = shift(byTime, replayed);
        int same = 0;
        List<Double> offsets = new ArrayList<>();
        boolean brokeDown = false;
        TelemetryReading lastSame = replayed.get(0);
        for (TelemetryReading reading : replayed) {
            TelemetryReading original = byTime.get(reading.getTimestampNanos() - shift);
            boolean late = reading.getDetails().getTotal().getProblem().contains("does not answer");
            if (original == null || late) { // on a busy machine a look may find nothing new, or come late
                continue;
            }
            lastSame = reading;
            same++;
            offsets.add(reading.getDetails().getDevices(0).getEnergyJoules()
                    - original.getDetails().getDevices(0).getEnergyJoules());
            assertThat(comparable(reading, name)).as(name).isEqualTo(comparable(original, name));
            brokeDown |= !original.getDetails().getDevices(1).getProblem().isEmpty();
        }
        assertThat(same).as(name + ": readings found again").isGreaterThan(recorded.size() / 4);
        double median = offsets.stream().sorted().toList().get(offsets.size() / 2);
        assertThat(offsets).as(name + ", joules").filteredOn(offset -> Math.abs(offset - median) < 0.01)
                .hasSizeGreaterThan(offsets.size() / 2);
        assertThat(offsets).as("carried on for a look that came late").allMatch(offset -> offset - median < 60);
        assertThat(brokeDown).as("a problem was replayed").isTrue();
        long from = replayed.get(10).getTimestampNanos();
        long to = lastSame.getTimestampNanos() - 500_000_000L;
        EnergyResponse energy = run.sensors.energy(from, to).get(10, TimeUnit.SECONDS);
        double between = joules(byTime, to - shift) - joules(byTime, from - shift);
        assertThat(energy.getDevices(0).getEnergy().getJoules()).as(name)
                .isCloseTo(between, within(Math.max(1, energy.getDevices(0).getEnergy().getUncertaintyJoules())));
    }

    /** How much later the replay is: what makes most readings fall on recorded ones; the first of all may be late. */
    private static long shift(TreeMap<Long, TelemetryReading> recorded, List<TelemetryReading> replayed) {
        long best = 0;
        long most = -1;
        for (TelemetryReading reading : replayed.subList(0, 10)) {
            for (long nanos : recorded.keySet().stream().limit(20).toList()) {
                long shift = reading.getTimestampNanos() - nanos;
                long same = replayed.stream().filter(each -> recorded.containsKey(each.getTimestampNanos() - shift)).count();
                best = same > most ? shift : best;
                most = Math.max(most, same);
            }
        }
        return best;
    }

    /** What the first device had used at a moment, in proportion between the readings around it. */
    private static double joules(TreeMap<Long, TelemetryReading> recorded, long nanos) {
        TelemetryReading before = recorded.floorEntry(nanos).getValue();
        Map.Entry<Long, TelemetryReading> after = recorded.higherEntry(nanos);
        double joules = before.getDetails().getDevices(0).getEnergyJoules();
        return after == null ? joules : joules + (after.getValue().getDetails().getDevices(0).getEnergyJoules() - joules)
                * (nanos - before.getTimestampNanos()) / (after.getKey() - before.getTimestampNanos());
    }

    /** Without what a replay has of its own, and without what only JSON Lines and Parquet tell. */
    private static TelemetryReading comparable(TelemetryReading reading, String name) {
        TelemetryReading.Builder same = reading.toBuilder().clearTimestampNanos().clearEnergyJoules();
        if (name.contains("csv")) {
            same.clearSystemInfo();
        }
        same.getDetailsBuilder().clearSequence().clearSweepMs();
        same.getDetailsBuilder().getTotalBuilder().clearEnergyJoules();
        for (DeviceReading.Builder device : same.getDetailsBuilder().getDevicesBuilderList()) {
            device.clearEnergyJoules().clearEnergySource().clearSettled();
        }
        return same.build();
    }
}
