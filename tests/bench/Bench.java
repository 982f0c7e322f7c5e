///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../../EnergyMonitor.java
//DEPS org.junit.jupiter:junit-jupiter:5.14.4

//SOURCES Child.java
//SOURCES Clients.java
//SOURCES Fleet.java
//SOURCES SamplerLoop.java
//SOURCES Questions.java
//SOURCES Samples.java
//SOURCES Stalls.java
//SOURCES ../collectors/FakeCollector.java
//SOURCES ../collectors/gpu/FakeLibrary.java
//SOURCES ../collectors/gpu/FakeNvml.java
//SOURCES ../telemetry/sampling/FixedHost.java

//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmx256m

import bench.Child;
import bench.Clients;
import bench.Fleet;
import bench.Questions;
import bench.Samples;
import collectors.gpu.FakeNvml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import telemetry.sampling.SamplerLoop;
import telemetry.sampling.Stalls;

/**
 * Measures what the monitor costs and prints a table. The monitor reads 8 GPUs from a fake NVML, so gcc is needed.
 * Arguments: the parts to measure, or none for all but {@code stalled}, which takes ten minutes, and {@code fleet},
 * which needs a Prometheus; {@code --quick} measures for less time.
 */
public final class Bench {

    private static final int STARTS = 9;
    private static final int PROCESSES = 1000;

    private interface Part {
        void measure() throws Exception;
    }

    private final Map<String, String> gpus;
    private final boolean quick;

    private Bench(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        this.quick = quick;
    }

    public static void main(String... arguments) throws Exception {
        List<String> wanted = new ArrayList<>(List.of(arguments));
        Bench bench = new Bench(Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(),
                "FAKE_NVML", "gpus=8"), wanted.remove("--quick"));
        Map<String, Part> parts = new TreeMap<>(Map.of("start", bench::start, "change", bench::change,
                "overhead", bench::overhead, "processes", bench::processes, "kilohertz", bench::kilohertz,
                "fanout", () -> bench.fanOut(500), "stalled", bench::stalled, "loop", bench::loop,
                "questions", bench::questions, "stalls", () -> Stalls.run(bench.quick ? 2 : 5)));
        parts.put("fleet", () -> Fleet.run(bench.gpus, bench.quick));
        if (!parts.keySet().containsAll(wanted)) {
            System.err.println("the parts are " + String.join(", ", parts.keySet()));
            System.exit(2);
        }
        if (wanted.isEmpty()) {
            wanted.addAll(parts.keySet());
            wanted.removeAll(List.of("stalled", "fleet"));
        }
        System.out.println("what                                                    median        least         most");
        for (String part : wanted) {
            parts.get(part).measure();
        }
        System.exit(0);
    }

    /** In a cache of its own: as after the first start, and then as after {@code prepare}. */
    private void start() throws Exception {
        Map<String, String> environment = new HashMap<>(gpus);
        environment.put("JBANG_CACHE_DIR", Files.createTempDirectory("bench-cache").toString());
        Child.run(List.of("./jbangw", "build", "tests/bench/Empty.java"), environment);
        starts("", environment);
        Child.run(List.of("./jbangw", "EnergyMonitor.java", "prepare"), environment);
        starts(", prepared", environment);
    }

    /** The three kinds of start in turn, so that a change in the machine's speed strikes all of them alike. */
    private static void starts(String how, Map<String, String> environment) throws Exception {
        List<String> java = Child.resolvedCommand(environment);
        Samples empty = new Samples();
        Samples throughJbangw = new Samples();
        Samples plainJava = new Samples();
        Samples ratio = new Samples();
        for (int i = 0; i < STARTS; i++) {
            double emptySeconds = Child.run(List.of("./jbangw", "tests/bench/Empty.java"), environment);
            double jbangwSeconds = secondsToHealth(Child.MONITOR, environment);
            empty.add(emptySeconds);
            throughJbangw.add(jbangwSeconds);
            ratio.add(jbangwSeconds / emptySeconds);
            plainJava.add(secondsToHealth(java, environment));
        }
        empty.print("empty JBang script through jbangw", "s");
        throughJbangw.print("jbangw EnergyMonitor.java to Health" + how, "s");
        ratio.print("the latter over the former", "times");
        plainJava.print("plain java to Health" + how, "s");
    }

    private static double secondsToHealth(List<String> command, Map<String, String> environment) throws Exception {
        long began = System.nanoTime();
        try (Child child = Child.start(command, environment)) {
            Clients.awaitHealth(child.port());
            return (System.nanoTime() - began) / 1e9;
        }
    }

    /** Starts after a change of one source, in a copy of the project. */
    private void change() throws Exception {
        Path copy = Files.createTempDirectory("bench-change");
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.startsWith(".git")).toList()) {
                Files.createDirectories(copy.resolve(file).getParent());
                Files.copy(file, copy.resolve(file));
            }
        }
        Samples seconds = new Samples();
        for (int i = 0; i < 3; i++) {
            Files.writeString(copy.resolve("cli/options/Version.java"), "// " + System.nanoTime() + "\n",
                    StandardOpenOption.APPEND);
            seconds.add(Child.run(List.of("./jbangw", copy.resolve("EnergyMonitor.java").toString(), "--version")));
        }
        seconds.print("first start after a change of a source", "s");
    }

    private void overhead() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 20_000 : 60_000);
            cpu(child, quick ? 2 : 6).print("CPU of one core at 20 Hz, 8 GPUs, 1 client", "%");
            new Samples().add(child.residentMegabytes()).print("resident memory then", "MB");
        }
    }

    /** With and without the processes in turn. */
    private void processes() throws Exception {
        Samples without = new Samples();
        Samples with = new Samples();
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 10_000 : 60_000);
            for (int i = 0; i < (quick ? 1 : 3); i++) {
                without.add(cpu(child, 1).quantile(0.5));
                List<Process> sleeping = new ArrayList<>();
                for (int p = 0; p < PROCESSES; p++) {
                    sleeping.add(new ProcessBuilder("sleep", "600").start());
                }
                with.add(cpu(child, 1).quantile(0.5));
                sleeping.forEach(Process::destroy);
                for (Process process : sleeping) {
                    process.waitFor();
                }
            }
        }
        without.print("CPU of one core at 20 Hz, this machine as it is", "%");
        with.print("the same with " + PROCESSES + " more processes", "%");
    }

    private void kilohertz() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus, "--collection-interval-ms", "1");
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 5_000 : 20_000);
            clients.reset();
            Samples cpu = cpu(child, 1);
            Samples intervals = clients.intervals();
            intervals.print("interval between readings at 1 kHz", "ms");
            double median = intervals.quantile(0.5);
            Samples deviations = new Samples();
            deviations.add(Math.max(intervals.quantile(0.995) - median, median - intervals.quantile(0.005)));
            deviations.print("99 % of the intervals are as close to the median", "ms");
            cpu.print("CPU of one core at 1 kHz, 8 GPUs, 1 client", "%");
        }
    }

    private void fanOut(int count) throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), count)) {
            Thread.sleep(10_000);
            double before = child.cpuSeconds();
            clients.reset();
            long began = System.nanoTime();
            Thread.sleep(quick ? 5_000 : 20_000);
            double seconds = (System.nanoTime() - began) / 1e9;
            double cpu = child.cpuSeconds() - before;
            clients.report(seconds, cpu);
            new Samples().add(child.residentMegabytes()).print("resident memory with them", "MB");
        }
    }

    /** What 1000 questions a second do to a stream at 20 Hz. */
    private void questions() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 5_000 : 20_000);
            clients.reset();
            cpu(child, 1).print("CPU of one core at 20 Hz, 1 client, before", "%");
            clients.intervals().print("interval between readings at 20 Hz, before", "ms");
            try (Questions questions = new Questions(child.port(), 1000)) {
                Thread.sleep(5_000);
                clients.reset();
                cpu(child, 1).print("CPU with 1000 Mark and 1000 Energy calls a second", "%");
                clients.intervals().print("interval between readings then", "ms");
                questions.report();
            }
        }
    }

    /** A client that never reads beside one that does, at 1 kHz. */
    private void stalled() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus, "--collection-interval-ms", "1");
                AutoCloseable stalled = Clients.stalled(child.port());
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(10_000);
            new Samples().add(child.residentMegabytes()).print("resident memory, 10 s after a client stopped reading",
                    "MB");
            clients.reset();
            double before = child.cpuSeconds();
            long began = System.nanoTime();
            Samples resident = new Samples();
            for (int i = 0; i < (quick ? 6 : 120); i++) {
                Thread.sleep(5_000);
                resident.add(child.residentMegabytes());
            }
            resident.print("resident memory in the minutes after", "MB");
            clients.report((System.nanoTime() - began) / 1e9, child.cpuSeconds() - before);
        }
    }

    private void loop() throws Exception {
        SamplerLoop.run(quick ? 200_000 : 3_600_000);
    }

    private static Samples cpu(Child child, int times) throws Exception {
        Samples cpu = new Samples();
        for (int i = 0; i < times; i++) {
            double before = child.cpuSeconds();
            long began = System.nanoTime();
            Thread.sleep(10_000);
            cpu.add(100 * (child.cpuSeconds() - before) / ((System.nanoTime() - began) / 1e9));
        }
        return cpu;
    }
}
