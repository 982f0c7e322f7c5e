package bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A monitor in a process of its own; what it costs is read from /proc. */
public final class Child implements AutoCloseable {

    /** The monitor as a user starts it. */
    public static final List<String> MONITOR = List.of("./jbangw", "EnergyMonitor.java");

    private final Process process;
    private final int port;
    /** Of each thread there was, by its id: what one had used when it was last seen stays after it has ended. */
    private final Map<String, Double> cpuSeconds = new HashMap<>();

    private Child(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a monitor on a free port, with these variables besides our own. */
    public static Child start(List<String> monitor, Map<String, String> environment, String... flags)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(monitor);
        command.addAll(List.of("--port", String.valueOf(port), "--log-level", "warn"));
        command.addAll(List.of(flags));
        return startAs(command, environment, port);
    }

    /** Starts any monitor, whose command says the port; its errors come to ours. */
    public static Child startAs(List<String> command, Map<String, String> environment, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return new Child(builder.start(), port);
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** Compiles the monitor, so that no start has to do it. */
    public static void build() throws IOException, InterruptedException {
        run(List.of("./jbangw", "build", "EnergyMonitor.java"));
    }

    /** Runs a command to its end; the seconds it took. */
    public static double run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    /** The same with these variables besides our own. */
    public static double run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException(command + " ended with exit code " + code);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** The command that {@link #MONITOR} becomes, without the flags added here. */
    public static List<String> resolvedCommand(Map<String, String> environment)
            throws IOException, InterruptedException {
        try (Child child = start(MONITOR, environment)) {
            Clients.awaitHealth(child.port);
            String line = Files.readString(child.proc("cmdline"), StandardCharsets.UTF_8);
            List<String> command = List.of(line.split("\0"));
            return command.subList(0, command.indexOf("--port"));
        }
    }

    public int port() {
        return port;
    }

    /** Seconds of CPU that all threads have used, its children's too, from the scheduler's nanoseconds. */
    public double cpuSeconds() throws IOException {
        for (Path each : processes()) {
            ThreadUse.of(each).forEach((thread, use) -> cpuSeconds.put(thread, use.cpuSeconds()));
        }
        return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The process, and those that it has started: a script may leave the work to a child. */
    private List<Path> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> Path.of("/proc", String.valueOf(each.pid()))).toList();
    }

    /** What each thread has used so far, by its id. */
    public Map<String, ThreadUse> threads() throws IOException {
        return ThreadUse.of(proc("."));
    }

    /** The process's. */
    public long pid() {
        return process.pid();
    }

    /** How many files, sockets and the like are open. */
    public long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(proc("fd"))) {
            return open.count();
        }
    }

    /** {@code RssAnon}, MiB: what no file backs. */
    public double ownMegabytes() throws IOException {
        return status("RssAnon:") / 1024.0;
    }

    /** Seconds of CPU with those of threads that have ended, in hundredths. */
    public double allCpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    /** {@code VmRSS}, MiB. */
    public double residentMegabytes() throws IOException {
        return status("VmRSS:") / 1024.0;
    }

    private long status(String key) throws IOException {
        long sum = 0;
        for (Path each : processes()) {
            sum += Files.readAllLines(each.resolve("status")).stream().filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
        }
        if (sum == 0) {
            throw new IOException("no " + key + " in " + proc("status"));
        }
        return sum;
    }

    private Path proc(String file) {
        return Path.of("/proc", String.valueOf(process.pid()), file);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the monitor did not end within 5 s of SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
