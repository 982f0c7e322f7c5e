package bench.parts;

import bench.Child;
import bench.Clients;
import bench.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** How long the monitor takes to start. */
public final class Starts {

    private final Map<String, String> gpus;
    private final int starts;

    /** With the variables that show the GPUs. */
    public Starts(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        starts = quick ? 5 : 9;
    }

    /** In a cache of its own: as after the first start, and then as after {@code prepare}. */
    public void start() throws Exception {
        Map<String, String> environment = new HashMap<>(gpus);
        environment.put("JBANG_CACHE_DIR", Files.createTempDirectory("bench-cache").toString());
        Child.run(List.of("./jbangw", "build", "tests/bench/Empty.java"), environment);
        Child.run(List.of("./jbangw", "EnergyMonitor.java", "--version"), environment);
        starts("", environment);
        Child.run(List.of("./jbangw", "EnergyMonitor.java", "prepare"), environment);
        starts(", prepared", environment);
    }

    /** The three kinds of start in turn, so that a change in the machine's speed strikes all of them alike. */
    private void starts(String how, Map<String, String> environment) throws Exception {
        List<String> java = Child.resolvedCommand(environment);
        Samples empty = new Samples();
        Samples throughJbangw = new Samples();
        Samples plainJava = new Samples();
        Samples ratio = new Samples();
        for (int i = 0; i < starts; i++) {
            double emptySeconds = Child.run(List.of("./jbangw", "tests/bench/Empty.java"), environment);
            double jbangwSeconds = secondsToHealth(() -> Child.start(Child.MONITOR, environment));
            empty.add(emptySeconds);
            throughJbangw.add(jbangwSeconds);
            ratio.add(jbangwSeconds / emptySeconds);
            plainJava.add(secondsToHealth(() -> Child.start(java, environment)));
        }
        empty.print("empty JBang script through jbangw", "s");
        throughJbangw.print("jbangw EnergyMonitor.java to Health" + how, "s");
        ratio.print("the latter over the former", "times");
        plainJava.print("plain java to Health" + how, "s");
    }

    /** From a process's start to the first answer of its Health. */
    static double secondsToHealth(Callable<Child> start) throws Exception {
        long began = System.nanoTime();
        try (Child child = start.call()) {
            Clients.awaitHealth(child.port());
            return (System.nanoTime() - began) / 1e9;
        }
    }

    /** Starts after a change of one source, in a copy of the project. */
    public void change() throws Exception {
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
}
