///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../../EnergyMonitor.java
//DEPS org.junit.jupiter:junit-jupiter:5.14.4

//SOURCES Child.java
//SOURCES Clients.java
//SOURCES Samples.java
//SOURCES ../collectors/FakeNvml.java

//RUNTIME_OPTIONS -XX:+UseSerialGC

import bench.Child;
import bench.Clients;
import bench.Samples;
import collectors.FakeNvml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures what the monitor costs and prints a table. The monitor reads 8 GPUs from a fake NVML, so gcc is needed.
 * Arguments: {@code start}, {@code overhead}, {@code fanout}, or none for all; {@code --quick} settles for less time.
 */
public final class Bench {

    private static final int STARTS = 9;
    private static final int CLIENTS = 150;

    private final Map<String, String> gpus;
    private final boolean quick;

    private Bench(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        this.quick = quick;
    }

    public static void main(String... arguments) throws Exception {
        List<String> wanted = new ArrayList<>(List.of(arguments));
        boolean quick = wanted.remove("--quick");
        Bench bench = new Bench(
                Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(), "FAKE_NVML", "gpus=8"), quick);
        Child.run(List.of("./jbangw", "build", "tests/bench/Empty.java"));
        System.out.println("what                                                median        least         most");
        if (wanted.isEmpty() || wanted.contains("start")) {
            bench.start();
        }
        if (wanted.isEmpty() || wanted.contains("overhead")) {
            bench.overhead();
        }
        if (wanted.isEmpty() || wanted.contains("fanout")) {
            bench.fanOut();
        }
    }

    /** The three kinds of start in turn, so that a change in the machine's speed strikes all of them alike. */
    private void start() throws Exception {
        List<String> java = Child.resolvedCommand(gpus);
        Samples empty = new Samples();
        Samples throughJbangw = new Samples();
        Samples plainJava = new Samples();
        Samples ratio = new Samples();
        for (int i = 0; i < STARTS; i++) {
            double emptySeconds = Child.run(List.of("./jbangw", "tests/bench/Empty.java"));
            double jbangwSeconds = secondsToHealth(Child.MONITOR);
            empty.add(emptySeconds);
            throughJbangw.add(jbangwSeconds);
            ratio.add(jbangwSeconds / emptySeconds);
            plainJava.add(secondsToHealth(java));
        }
        empty.print("empty JBang script through jbangw", "s");
        throughJbangw.print("jbangw EnergyMonitor.java to first Health answer", "s");
        ratio.print("the latter over the former", "times");
        plainJava.print("plain java to first Health answer", "s");
    }

    private double secondsToHealth(List<String> command) throws Exception {
        long began = System.nanoTime();
        try (Child child = Child.start(command, gpus)) {
            Clients.awaitHealth(child.port());
            return (System.nanoTime() - began) / 1e9;
        }
    }

    private void overhead() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), 1)) {
            Thread.sleep(quick ? 20_000 : 60_000);
            Samples cpu = new Samples();
            Samples resident = new Samples();
            for (int i = 0; i < (quick ? 2 : 6); i++) {
                double before = child.cpuSeconds();
                long began = System.nanoTime();
                Thread.sleep(10_000);
                cpu.add(100 * (child.cpuSeconds() - before) / ((System.nanoTime() - began) / 1e9));
                resident.add(child.residentMegabytes());
            }
            cpu.print("CPU of one core at 20 Hz, 8 GPUs, 1 client", "%");
            resident.print("resident memory then", "MB");
        }
    }

    private void fanOut() throws Exception {
        try (Child child = Child.start(Child.MONITOR, gpus);
                Clients clients = new Clients(child.port(), CLIENTS)) {
            Thread.sleep(3_000);
            double before = child.cpuSeconds();
            clients.reset();
            long began = System.nanoTime();
            Thread.sleep(quick ? 5_000 : 20_000);
            double seconds = (System.nanoTime() - began) / 1e9;
            double cpu = child.cpuSeconds() - before;
            clients.report(seconds, cpu);
            new Samples().add(child.residentMegabytes()).print("resident memory with " + CLIENTS + " clients", "MB");
        }
    }
}
