package bench.parts;

import bench.Child;
import bench.Clients;
import bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The monitor beside {@link FloorServer}, which does next to nothing with the same options, machine and libraries. */
public final class Floors {

    private static final String CPU = "% of a core";
    private static final List<String> CLASS_PATH_OPTIONS = List.of("-classpath", "-cp", "--class-path");

    private final Map<String, String> gpus;
    private final boolean quick;

    /** With the variables that show the GPUs. */
    public Floors(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        this.quick = quick;
    }

    /** All of them at 20 Hz over the same seconds, then the nearest with 20 clients, and at 1 kHz. */
    public void floor() throws Exception {
        List<String> floor = command(gpus);
        try (Child wake = start(floor, "wake", 50); Child send = start(floor, "send", 50);
                Child ask = start(floor, "ask", 50);
                Child monitor = Child.start(Child.MONITOR, gpus);
                Clients sent = new Clients(send.port(), 1);
                Clients asked = new Clients(ask.port(), 1);
                Clients clients = new Clients(monitor.port(), 1)) {
            Thread.sleep(quick ? 40_000 : 60_000);
            List<Samples> cpu = List.of(new Samples(), new Samples(), new Samples(), new Samples());
            Streams.cpu(quick ? 4 : 8, List.of(wake, send, ask, monitor), cpu);
            cpu.get(0).print("floor: a thread that wakes up 20 times a second", CPU);
            cpu.get(1).print("floor: gRPC sends a ready message to 1 client at 20 Hz", CPU);
            cpu.get(2).print("floor: the same, and a second thread asks 8 GPUs before", CPU);
            cpu.get(3).print("the monitor beside them", CPU);
        }
        floor(floor, "20 clients at 20 Hz", 50, 20);
        floor(floor, "1 client at 1 kHz", 1, 1);
    }

    private void floor(List<String> floor, String load, int intervalMillis, int count) throws Exception {
        try (Child ask = start(floor, "ask", intervalMillis);
                Child monitor = Child.start(Child.MONITOR, gpus, "--interval-ms", String.valueOf(intervalMillis));
                Clients asked = new Clients(ask.port(), count);
                Clients clients = new Clients(monitor.port(), count)) {
            Thread.sleep(quick ? 20_000 : 60_000);
            List<Samples> cpu = List.of(new Samples(), new Samples());
            Streams.cpu(quick ? 2 : 6, List.of(ask, monitor), cpu);
            cpu.get(0).print("floor: 8 GPUs are asked, gRPC sends a ready message, " + load, CPU);
            cpu.get(1).print("the monitor beside it", CPU);
        }
    }

    /** Start and memory, both with an archive of the classes that they load: the monitor's is the one of prepare. */
    public void prepared() throws Exception {
        Map<String, String> environment = new HashMap<>(gpus);
        environment.put("JBANG_CACHE_DIR", Files.createTempDirectory("bench-cache").toString());
        Child.run(List.of("./jbangw", "EnergyMonitor.java", "--version"), environment);
        Child.run(List.of("./jbangw", "EnergyMonitor.java", "prepare"), environment);
        List<String> monitor = Child.resolvedCommand(environment);
        List<String> floor = command(environment);
        Path archive = Files.createTempDirectory("bench-floor").resolve("floor.jsa");
        try (Child noting = start(with(floor, "-XX:ArchiveClassesAtExit=" + archive), "ask", 50)) {
            Clients.awaitHealth(noting.port());
        }
        List<String> archived = with(floor, "-XX:SharedArchiveFile=" + archive);
        Samples least = new Samples();
        Samples ours = new Samples();
        for (int i = 0; i < (quick ? 7 : 15); i++) {
            least.add(Starts.secondsToHealth(() -> start(archived, "ask", 50)));
            ours.add(Starts.secondsToHealth(() -> Child.start(monitor, environment)));
        }
        least.print("floor: plain java to gRPC's first answer, with an archive of its classes", "s");
        ours.print("plain java to Health of the monitor beside it, prepared", "s");
        try (Child ask = start(archived, "ask", 50); Child prepared = Child.start(monitor, environment);
                Clients asked = new Clients(ask.port(), 1); Clients clients = new Clients(prepared.port(), 1)) {
            Thread.sleep(90_000);
            new Samples().add(ask.ownMegabytes()).print("floor: memory that no file backs, with that archive, 1 client",
                    "MiB");
            new Samples().add(prepared.ownMegabytes()).print("the monitor's beside it, prepared", "MiB");
            new Samples().add(ask.residentMegabytes()).print("floor: resident memory, with that archive, 1 client", "MiB");
            new Samples().add(prepared.residentMegabytes()).print("the monitor's resident memory beside it, prepared",
                    "MiB");
        }
    }

    private Child start(List<String> floor, String what, int intervalMillis) throws IOException {
        int port = Child.freePort();
        List<String> command = new ArrayList<>(floor);
        command.addAll(List.of(String.valueOf(port), String.valueOf(intervalMillis), what));
        return Child.startAs(command, gpus, port);
    }

    /** The same command with another flag for Java, which says nothing of what it makes of that. */
    private static List<String> with(List<String> floor, String flag) {
        List<String> command = new ArrayList<>(floor);
        command.addAll(1, List.of(flag, "-Xlog:disable"));
        return command;
    }

    /** The monitor's own command with another class path and program, without the arguments of that. */
    private static List<String> command(Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Child.resolvedCommand(environment));
        int at = -1;
        for (String option : CLASS_PATH_OPTIONS) {
            at = Math.max(at, command.indexOf(option));
        }
        if (at < 0) {
            throw new IOException("no class path in " + command);
        }
        command.set(at + 1, System.getProperty("java.class.path"));
        // An archive is of other classes.
        command.removeIf(option -> option.startsWith("-XX:SharedArchiveFile") || option.startsWith("-XX:AOTCache"));
        command.set(command.size() - 1, FloorServer.class.getName());
        return command;
    }
}
