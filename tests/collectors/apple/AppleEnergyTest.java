package collectors.apple;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.CollectorContext.MacosPower;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.accounting.EnergyInterval;
import telemetry.accounting.EnergyTimeline;

class AppleEnergyTest {

    @ParameterizedTest
    @ValueSource(strings = {"m1", "max", "ultra", "m5"})
    void x(String chip) throws Exception {
        FakeApple fake = new FakeApple("chip=" + chip);
        String cpuName = chip.equals("ultra") ? "DIE_0_CPU Energy" : "CPU Energy";
        Random random = new Random(5);
        Map<String, EnergyTimeline> lines = new TreeMap<>();
        List<Long> times = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        List<Double> gpu = new ArrayList<>();
        try (TelemetryCollector collector = fake.open(MacosPower.COMBINED)) {
            for (int i = 0; i < 4000; i++) {
                if (i % 10 == 0) {
                    fake.set("watts=" + cpuName + ":" + (random.nextBoolean() ? 2 : 40) + ";watts=GPU Energy:"
                            + (random.nextBoolean() ? 1 : 60));
                }
                fake.advance(50_000_000);
                long t = fake.nanoTime();
                for (DeviceSample d : collector.collect()) {
                    lines.computeIfAbsent(d.id, k -> new EnergyTimeline()).add(d, t - 1000000, t + 1000000);
                }
                times.add(t);
                cpu.add(fake.joules(cpuName) + (chip.equals("ultra") ? fake.joules("DIE_1_CPU Energy") : 0));
                gpu.add(fake.joules("GPU Energy"));
            }
        }
        for (var e : lines.entrySet()) {
            System.out.println(chip + " " + e.getKey() + " ready " + e.getValue().isReady() + " source "
                    + e.getValue().source() + " problem " + e.getValue().problem() + " " + e.getValue().powerWatts());
        }
        for (int seconds : new int[] {1, 3, 10}) {
            double square = 0, bias = 0, truth = 0, gs = 0;
            int n = 0, in = 0, bounded = 0, valid = 0;
            for (int i = 400; i + seconds * 20 < 3900; i += 37) {
                int j = i + seconds * 20;
                EnergyInterval v = lines.get("macos-cpu").between(times.get(i), times.get(j));
                EnergyInterval g = lines.get("macos-gpu").between(times.get(i), times.get(j));
                double want = cpu.get(j) - cpu.get(i);
                n++;
                if (v.problem() != null) {
                    if (n < 3) System.out.println(v.problem());
                    continue;
                }
                valid++;
                truth += want;
                bias += v.joules() - want;
                square += Math.pow(v.joules() - want, 2);
                gs += Math.pow(g.joules() - (gpu.get(j) - gpu.get(i)), 2);
                in += Math.abs(v.joules() - want) <= v.uncertaintyJoules() ? 1 : 0;
                bounded += v.leastJoules() - 0.01 <= want && want <= v.mostJoules() + 0.01 ? 1 : 0;
            }
            System.out.printf(Locale.ROOT, "%s %d s: n %d valid %d mean %.1f J bias %.2f rms %.2f covered %d bounded %d gpu rms %.2f%n", chip,
                    seconds, n, valid, truth / valid, bias / valid, Math.sqrt(square / valid), in, bounded, Math.sqrt(gs / valid));
        }
    }
}
