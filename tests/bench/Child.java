package bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private Child(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a monitor on a free port, with these variables besides our own. */
    public static Child start(List<String> monitor, Map<String, String> environment, String... flags)
            throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(monitor);
        command.addAll(List.of("--port", String.valueOf(port), "--log-level", "warn"));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        return new Child(builder.start(), port);
    }

    /** Runs a command to its end; the seconds it took. */
    public static double run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    /** The same with these variables besides our own. */
    public static double run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
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

    /** Seconds of CPU that all threads have used, from the scheduler's nanoseconds. */
    public double cpuSeconds() throws IOException {
        double seconds = 0;
        try (Stream<Path> threads = Files.list(proc("task"))) {
            for (Path thread : threads.toList()) {
                try {
                    seconds += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]) / 1e9;
                } catch (NoSuchFileException e) {
                    // it ended since it was listed, and what it used is lost to us
                }
            }
        }
        return seconds;
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
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no " + key + " in " + proc("status"));
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
