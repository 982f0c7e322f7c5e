package cli.doctor;

import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import collectors.Units;
import collectors.gpu.GpuPlatforms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the GPUs here as often as it can and prints what their counters do: how often energy and power change, what
 * the counter's timestamp means, how long an answer takes, and joules by counter and by power. For tests on real
 * hardware: {@code java -cp EnergyMonitor.jar cli.doctor.CounterProbe nvidia|amd SECONDS [MILLISECONDS]}.
 */
public final class CounterProbe {

    private final DeviceSample sample;
    private final List<Double> energySteps = new ArrayList<>();
    private final List<Double> powerSteps = new ArrayList<>();
    private final List<Double> instantSteps = new ArrayList<>();
    private final List<Double> latencies = new ArrayList<>();
    private Look first;
    private Look last;
    private long energyChanged;
    private long powerChanged;
    private long instantChanged;
    private int timestampMovedAlone;
    private int timestampMovedWithCounter;
    private int counterMovedAlone;
    private double powerJoules;
    private double instantJoules;

    private record Look(long nanos, double energy, long timestamp, double power, double instant) {
    }

    private CounterProbe(DeviceSample sample) {
        this.sample = sample;
    }

    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("give nvidia or amd, seconds, and milliseconds between two looks (1 unless given)");
            System.exit(2);
        }
        long pauseNanos = arguments.length > 2 ? Long.parseLong(arguments[2]) * 1_000_000 : 1_000_000;
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), System.getenv(), 1,
                "visible", MacosPower.COMBINED);
        try (TelemetryCollector collector = arguments[0].equals("amd") ? GpuPlatforms.openAmd(context)
                : GpuPlatforms.openNvidia(context)) {
            System.out.println(collector.source());
            List<CounterProbe> probes = collector.collect().stream().map(CounterProbe::new).toList();
            long end = System.nanoTime() + (long) (Double.parseDouble(arguments[1]) * Units.NANOS_PER_SECOND);
            while (System.nanoTime() < end) {
                collector.collect();
                probes.forEach(CounterProbe::look);
                LockSupport.parkNanos(pauseNanos);
            }
            probes.forEach(CounterProbe::report);
        } catch (CollectorUnavailableException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void look() {
        long nanos = sample.askedNanos / 2 + sample.answeredNanos / 2;
        Look now = new Look(nanos, sample.energyCounterJoules, sample.energyCounterNanos, sample.powerWatts,
                sample.instantPowerWatts);
        latencies.add((sample.answeredNanos - sample.askedNanos) / 1e3);
        if (last == null) {
            first = now;
            last = now;
            return;
        }
        boolean counterMoved = changed(last.energy, now.energy);
        energyChanged = change(energySteps, counterMoved, energyChanged, nanos);
        powerChanged = change(powerSteps, changed(last.power, now.power), powerChanged, nanos);
        instantChanged = change(instantSteps, changed(last.instant, now.instant), instantChanged, nanos);
        boolean stampMoved = last.timestamp != 0 && now.timestamp != 0 && now.timestamp != last.timestamp;
        timestampMovedWithCounter += counterMoved && stampMoved ? 1 : 0;
        timestampMovedAlone += !counterMoved && stampMoved ? 1 : 0;
        counterMovedAlone += counterMoved && !stampMoved ? 1 : 0;
        double seconds = (now.nanos - last.nanos) / Units.NANOS_PER_SECOND;
        powerJoules += seconds * (now.power + last.power) / 2;
        instantJoules += seconds * (now.instant + last.instant) / 2;
        last = now;
    }

    private static boolean changed(double before, double now) {
        return DeviceSample.isAvailable(before) && DeviceSample.isAvailable(now) && before != now;
    }

    /** Notes a change; gives the moment of the latest one, 0 for none. */
    private static long change(List<Double> steps, boolean changed, long before, long now) {
        if (changed && before != 0) {
            steps.add((now - before) / 1e6);
        }
        return changed ? now : before;
    }

    private void report() {
        if (last == null) {
            return;
        }
        print("gpu", sample.id + " " + sample.name + (sample.problem == null ? "" : ": " + sample.problem));
        print("watts, watts now, limit", format(last.power) + ", " + format(last.instant) + ", "
                + format(sample.powerLimitWatts));
        print("power is a mean of (s)", format(sample.powerAveragingSeconds));
        print("temperature, MiB used, MiB total", format(sample.temperatureCelsius) + ", "
                + format(sample.memoryUsedMb) + ", " + format(sample.memoryTotalMb));
        print("looks, seconds", latencies.size() + ", " + format((last.nanos - first.nanos) / Units.NANOS_PER_SECOND));
        print("microseconds to answer", spread(latencies));
        print("milliseconds between steps of the counter", spread(energySteps));
        print("milliseconds between changes of power", spread(powerSteps));
        print("milliseconds between changes of power now", spread(instantSteps));
        print("the counter's timestamp moved with it, alone, not with it",
                timestampMovedWithCounter + ", " + timestampMovedAlone + ", " + counterMovedAlone);
        print("joules by counter, by power, by power now", format(last.energy < 0 || first.energy < 0 ? -1 : last.energy - first.energy) + ", "
                + format(last.power < 0 ? -1 : powerJoules) + ", " + format(last.instant < 0 ? -1 : instantJoules));
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? "none" : String.format(Locale.ROOT, "median %.3f, least %.3f, most %.3f",
                sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static void print(String what, String value) {
        System.out.println(what + ": " + value);
    }
}
