package bench.parts;

import bench.Child;
import bench.Clients;
import bench.Questions;
import bench.Samples;
import bench.ThreadUse;
import collectors.SysfsTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the monitor takes while it serves. */
public final class Streams {

    private static final int PROCESSES = 1000;

    private final Map<String, String> gpus;
    private final boolean quick;

    /** With the variables that show the GPUs. */
    public Streams(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        this.quick = quick;
    }

    /** With nobody, with one client and with twenty, side by side. */
    public void overhead() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1);
                Child busier = Child.start(Child.MONITOR, gpus);
                Clients more = new Clients(busier.port(), 20);
                Child idle = Child.start(Child.MONITOR, gpus)) {
            Clients.awaitHealth(idle.port());
            Thread.sleep(quick ? 20_000 : 60_000);
            Map<String, ThreadUse> before = child.threads();
            long began = System.nanoTime();
            Samples one = new Samples();
            Samples twenty = new Samples();
            Samples none = new Samples();
            cpu(quick ? 3 : 6, List.of(child, busier, idle), List.of(one, twenty, none));
            none.print("CPU with 8 GPUs, nobody listening", "% of a core");
            one.print("CPU at 20 Hz, 8 GPUs, 1 client", "% of a core");
            ThreadUse.print(before, child.threads(), (System.nanoTime() - began) / 1e9);
            new Samples().add(child.residentMegabytes()).print("resident memory then", "MiB");
            new Samples().add(child.ownMegabytes()).print("of which no file backs", "MiB");
            twenty.print("CPU at 20 Hz, 8 GPUs, 20 clients", "% of a core");
        }
    }

    /** One monitor that has GPUs only, and one that has an ACPI meter, RAPL and a battery besides, side by side. */
    public void collectors() throws Exception {
        Path machine = Files.createTempDirectory("bench-machine");
        Path empty = Files.createTempDirectory("bench-nothing");
        SysfsTree.machine("acpi-meter-server", machine);
        SysfsTree.machine("laptop-psys-battery", machine);
        try (Child gpusOnly = Child.start(Child.MONITOR, gpus, "--path.sysfs", empty.toString());
                Clients clients = new Clients(gpusOnly.port(), 1);
                Child all = Child.start(Child.MONITOR, gpus, "--path.sysfs", machine.toString());
                Clients others = new Clients(all.port(), 1)) {
            Thread.sleep(quick ? 20_000 : 60_000);
            Samples few = new Samples();
            Samples many = new Samples();
            cpu(quick ? 2 : 6, List.of(gpusOnly, all), List.of(few, many));
            long further = collectorsOf(all) - collectorsOf(gpusOnly);
            many.print("CPU with " + further + " further collectors", "% of a core");
            new Samples().add((many.quantile(0.5) - few.quantile(0.5)) / further).print("each further collector", "% of a core");
        }
    }

    private static long collectorsOf(Child child) throws Exception {
        return child.threads().values().stream().filter(use -> use.name().startsWith("collector-")).count();
    }

    /** With and without the processes in turn. */
    public void processes() throws Exception {
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
        without.print("CPU at 20 Hz, this machine as it is", "% of a core");
        with.print("the same with " + PROCESSES + " more processes", "% of a core");
    }

    public void kilohertz() throws Exception {
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
            cpu.print("CPU at 1 kHz, 8 GPUs, 1 client", "% of a core");
        }
    }

    public void fanOut(int count) throws Exception {
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
            new Samples().add(child.residentMegabytes()).print("resident memory with them", "MiB");
        }
    }

    /** What 1000 questions a second do to a stream at 20 Hz. */
    public void questions() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 5_000 : 20_000);
            clients.reset();
            cpu(child, 1).print("CPU at 20 Hz, 1 client, before questions", "% of a core");
            clients.intervals().print("interval between readings at 20 Hz, before questions", "ms");
            try (Questions questions = new Questions(child.port(), 1000)) {
                Thread.sleep(5_000);
                clients.reset();
                cpu(child, 1).print("CPU with 1000 Mark and 1000 Energy calls a second", "% of a core");
                clients.intervals().print("interval between readings then", "ms");
                questions.report();
            }
        }
    }

    /** A client that never reads beside one that does, at 1 kHz. */
    public void stalled() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus, "--collection-interval-ms", "1");
                AutoCloseable stalled = Clients.stalled(child.port());
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(10_000);
            new Samples().add(child.residentMegabytes()).print("resident memory, 10 s after a client stopped reading",
                    "MiB");
            clients.reset();
            double before = child.cpuSeconds();
            long began = System.nanoTime();
            Samples resident = new Samples();
            for (int i = 0; i < (quick ? 6 : 120); i++) {
                Thread.sleep(5_000);
                resident.add(child.residentMegabytes());
            }
            resident.print("resident memory in the minutes after", "MiB");
            clients.report((System.nanoTime() - began) / 1e9, child.cpuSeconds() - before);
        }
    }

    private static Samples cpu(Child child, int times) throws Exception {
        Samples cpu = new Samples();
        cpu(times, List.of(child), List.of(cpu));
        return cpu;
    }

    /** Percent of a core that each child uses, so many times over the same ten seconds. */
    static void cpu(int times, List<Child> children, List<Samples> percent) throws Exception {
        for (int i = 0; i < times; i++) {
            double[] before = new double[children.size()];
            for (int c = 0; c < before.length; c++) {
                before[c] = children.get(c).cpuSeconds();
            }
            long began = System.nanoTime();
            Thread.sleep(10_000);
            double seconds = (System.nanoTime() - began) / 1e9;
            for (int c = 0; c < before.length; c++) {
                percent.get(c).add(100 * (children.get(c).cpuSeconds() - before[c]) / seconds);
            }
        }
    }
}
