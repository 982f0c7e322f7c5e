///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../../EnergyMonitor.java
//DEPS org.junit.jupiter:junit-jupiter:5.14.4

//SOURCES Beside.java
//SOURCES Child.java
//SOURCES Clients.java
//SOURCES Contender.java
//SOURCES CostPage.java
//SOURCES Crowd.java
//SOURCES Curves.java
//SOURCES Fleet.java
//SOURCES Group.java
//SOURCES Heap.java
//SOURCES Questions.java
//SOURCES SamplerLoop.java
//SOURCES Samples.java
//SOURCES Soak.java
//SOURCES Stalls.java
//SOURCES SysfsDevices.java
//SOURCES ThreadUse.java
//SOURCES parts/FloorServer.java
//SOURCES parts/Floors.java
//SOURCES parts/Starts.java
//SOURCES parts/Streams.java
//SOURCES ../collectors/FakeCollector.java
//SOURCES ../collectors/SysfsTree.java
//SOURCES ../collectors/gpu/FakeLibrary.java
//SOURCES ../collectors/gpu/FakeNvml.java
//SOURCES ../figures/Plot.java
//SOURCES ../figures/Scale.java
//SOURCES ../figures/Slope.java
//SOURCES ../figures/Spread.java
//SOURCES ../telemetry/sampling/FixedHost.java

//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmx256m

import bench.Beside;
import bench.Child;
import bench.Contender;
import bench.CostPage;
import bench.Curves;
import bench.Fleet;
import bench.Samples;
import bench.Soak;
import bench.parts.Floors;
import bench.parts.Starts;
import bench.parts.Streams;
import collectors.gpu.FakeNvml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import telemetry.sampling.SamplerLoop;
import telemetry.sampling.Stalls;

/**
 * Measures what the monitor costs and prints tables. The monitor reads 8 GPUs from a fake NVML, so gcc is needed.
 * Arguments: the parts to measure, or none for all but {@code stalled}, which takes ten minutes, and {@code fleet},
 * which needs a Prometheus; {@code --quick} measures for less time. Or one of
 * <ul>
 *   <li>{@code --beside MONITOR}: another monitor beside ours, see {@link Contender}
 *   <li>{@code curves}: the costs against how much is measured, with pictures in docs/
 *   <li>{@code soak --minutes N}: whether anything grows in the long run
 *   <li>{@code cost}: all that docs/cost.md shows, written into it
 * </ul>
 */
public final class Bench {

    private static final Path DOCS = Path.of("docs");
    private static final String BESIDE = "--beside";
    private static final List<String> SOAK = List.of("soak", "--minutes");
    /** What docs/cost.md shows beside the curves. */
    private static final List<String> PAGE = List.of("start", "change", "overhead", "floor", "prepared", "collectors",
            "kilohertz", "fanout", "questions", "stalls", "loop");
    private static final List<String> ON_REQUEST = List.of("stalled", "fleet");

    private interface Part {
        void measure() throws Exception;
    }

    private final Map<String, String> gpus;
    private final boolean quick;
    private final Map<String, Part> parts = new TreeMap<>();

    private Bench(boolean quick) {
        this.quick = quick;
        gpus = Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(), "FAKE_NVML", "gpus=8");
        Starts starts = new Starts(gpus, quick);
        Streams streams = new Streams(gpus, quick);
        parts.put("start", starts::start);
        parts.put("change", starts::change);
        parts.put("overhead", streams::overhead);
        Floors floors = new Floors(gpus, quick);
        parts.put("floor", floors::floor);
        parts.put("prepared", floors::prepared);
        parts.put("collectors", streams::collectors);
        parts.put("processes", streams::processes);
        parts.put("kilohertz", streams::kilohertz);
        parts.put("fanout", () -> streams.fanOut(500));
        parts.put("questions", streams::questions);
        parts.put("stalled", streams::stalled);
        parts.put("stalls", () -> Stalls.run(quick ? 2 : 5));
        parts.put("loop", () -> SamplerLoop.run(quick ? 200_000 : 3_600_000));
        parts.put("fleet", () -> Fleet.run(gpus, quick));
    }

    public static void main(String... arguments) throws Exception {
        List<String> wanted = new ArrayList<>(List.of(arguments));
        boolean quick = wanted.remove("--quick");
        try {
            new Bench(quick || wanted.equals(List.of("cost"))).run(wanted);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        System.exit(0);
    }

    private void run(List<String> wanted) throws Exception {
        if (wanted.size() == 2 && wanted.get(0).equals(BESIDE)) {
            Contender other = Contender.of(wanted.get(1));
            Child.build();
            Beside.run(other, gpus, quick);
        } else if (wanted.size() == 3 && wanted.subList(0, 2).equals(SOAK) && wanted.get(2).matches("[0-9.]*[1-9][0-9.]*")) {
            Child.build();
            Soak.run(gpus, Double.parseDouble(wanted.get(2)));
        } else if (wanted.equals(List.of("curves"))) {
            Child.build();
            Curves.run(gpus, DOCS);
        } else if (wanted.equals(List.of("cost"))) {
            Child.build();
            CostPage.write(DOCS.resolve("cost.md"), () -> {
                table(PAGE);
                System.out.println();
                Curves.run(gpus, DOCS);
            });
        } else if (parts.keySet().containsAll(wanted)) {
            List<String> all = new ArrayList<>(wanted.isEmpty() ? parts.keySet() : wanted);
            all.removeAll(wanted.isEmpty() ? ON_REQUEST : List.of());
            Child.build();
            table(all);
        } else {
            throw new IllegalArgumentException(String.join(" ", wanted) + ": no such parts; name some of "
                    + String.join(", ", parts.keySet())
                    + "; or curves, or cost, or soak --minutes N, or --beside MONITOR");
        }
    }

    private void table(List<String> names) throws Exception {
        Samples.printHead();
        for (String name : names) {
            parts.get(name).measure();
        }
    }
}
