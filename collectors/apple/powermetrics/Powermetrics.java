package collectors.apple.powermetrics;

import collectors.Backoff;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Apple's powermetrics(1) as a child process that writes one property list per sample. It is started again with
 * growing pauses when it ends or falls silent, one at a time, and ends with this process.
 */
final class Powermetrics implements AutoCloseable {

    /** The man page names no minimum, except that 0 turns sampling off: this one is our choice. */
    static final long MIN_INTERVAL_MILLIS = 20;
    /**
     * Started through sudo it belongs to root, and this process may not end it: it ends when it writes its next list to
     * a pipe that nobody reads. That must not take long, however long our own interval is.
     */
    static final long MAX_INTERVAL_MILLIS = 1000;

    private static final Logger LOG = Logger.getLogger(Powermetrics.class.getName());

    /** Intel Macs and older systems know fewer samplers, and refuse all when one is unknown. */
    private static final List<String> SAMPLERS =
            List.of("cpu_power,gpu_power,ane_power", "cpu_power,gpu_power", "cpu_power");
    private static final String DEFAULT_PATH = "/usr/bin:/bin";
    private static final long SILENCE_TIMEOUT_MILLIS = 4000;
    private static final int SILENT_INTERVALS = 5;
    private static final long OPEN_TIMEOUT_MILLIS = 8000;
    private static final long STEADY_MILLIS = 5000;
    private static final long PAUSE_MILLIS = 100;

    private final List<String> start;
    private final Map<String, String> environment;
    private final long intervalMillis;
    private final Consumer<PowermetricsSample> samples;
    private final Thread keeper = new Thread(this::keep, "powermetrics");
    private final Thread endWithUs = new Thread(this::end, "powermetrics-end");

    private int samplers;
    private int starts;
    private volatile PowermetricsChild child;
    private boolean closed;
    private boolean answered;
    private boolean failed;
    private volatile String problem;

    /**
     * A child that is not started yet.
     *
     * @param start          the command without its arguments
     * @param environment    the child's environment variables
     * @param intervalMillis milliseconds between two lists
     * @param samples        receives each sample, in a thread of the child's
     */
    private Powermetrics(List<String> start, Map<String, String> environment, long intervalMillis,
                         Consumer<PowermetricsSample> samples) {
        this.start = start;
        this.environment = environment;
        this.intervalMillis = intervalMillis;
        this.samples = samples;
        keeper.setDaemon(true);
    }

    /**
     * Starts powermetrics as found on the PATH and waits for its first list; through {@code sudo -n}, which never
     * asks for a password, when this process is not root.
     *
     * @throws CollectorUnavailableException when none comes; its reason is powermetrics' or sudo's own where they said
     */
    static Powermetrics open(CollectorContext context, boolean root, Consumer<PowermetricsSample> samples)
            throws CollectorUnavailableException {
        String path = context.environment().getOrDefault("PATH", DEFAULT_PATH);
        Path program = find("powermetrics", path);
        if (program == null) {
            throw new CollectorUnavailableException("powermetrics, which comes with macOS, is not on the PATH");
        }
        List<String> start = new ArrayList<>();
        if (!root) {
            Path sudo = find("sudo", path);
            if (sudo == null) {
                throw new CollectorUnavailableException(
                        "powermetrics needs root, and sudo is not on the PATH" + PowermetricsChild.REMEDY);
            }
            start.addAll(List.of(sudo.toString(), "-n"));
        }
        start.add(program.toString());
        Powermetrics powermetrics = new Powermetrics(start, context.environment(), intervalMillis(context), samples);
        powermetrics.awaitFirst();
        return powermetrics;
    }

    /** The program that is run, with sudo where it is needed. */
    String command() {
        return String.join(" ", start);
    }

    private static Path find(String program, String path) {
        for (String folder : path.split(File.pathSeparator)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program).toAbsolutePath();
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    /** Milliseconds between two lists. */
    static long intervalMillis(CollectorContext context) {
        return Math.max(MIN_INTERVAL_MILLIS, Math.min(context.intervalMillis(), MAX_INTERVAL_MILLIS));
    }

    /** Why there are no lists now; null when there are. */
    String problem() {
        PowermetricsChild latest = child;
        return problem == null && latest != null && latest.isSilent() ? latest.reason() : problem;
    }

    /** Ends the child. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (IllegalStateException e) {
            LOG.finest("the process is ending already: the hook closes the child");
        }
    }

    private void awaitFirst() throws CollectorUnavailableException {
        Runtime.getRuntime().addShutdownHook(endWithUs);
        keeper.start();
        boolean interrupted = false;
        synchronized (this) {
            long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPEN_TIMEOUT_MILLIS);
            for (long left = OPEN_TIMEOUT_MILLIS; !answered && !failed && left > 0 && !interrupted;
                    left = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime())) {
                interrupted = !pause(left);
            }
            if (answered) {
                return;
            }
        }
        close();
        throw new CollectorUnavailableException(problem != null ? problem : "powermetrics gave no property list");
    }

    /** Waits for a change, at most that long; false when this thread has to end. */
    private synchronized boolean pause(long millis) {
        try {
            wait(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Keeps one child running until closed. */
    private void keep() {
        Backoff starting = new Backoff();
        while (!isClosed()) {
            long before = System.nanoTime();
            String why = run();
            if (why == null) {
                continue;
            }
            synchronized (this) {
                problem = why;
                failed = !answered;
                notifyAll();
                if (failed) {
                    return;
                }
            }
            if (System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(STEADY_MILLIS)) {
                starting.succeeded();
            }
            starting.failed(System.nanoTime());
            while (!isClosed() && !starting.mayTry(System.nanoTime())) {
                if (!pause(PAUSE_MILLIS)) {
                    return;
                }
            }
        }
    }

    /** Runs one child until it ends; returns why it did, or null when the next one has to be started at once. */
    private String run() {
        PowermetricsChild next;
        try {
            next = startChild();
        } catch (IOException e) {
            return "powermetrics cannot be started: " + e.getMessage();
        }
        if (next == null) {
            return "closed";
        }
        next.awaitEnd();
        if (next.refusedSampler() && samplers + 1 < SAMPLERS.size()) {
            samplers++;
            return null;
        }
        return next.reason();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The next child; null when closed. */
    private synchronized PowermetricsChild startChild() throws IOException {
        if (closed) {
            return null;
        }
        List<String> command = new ArrayList<>(start);
        // Short options, as the long ones were renamed between versions; -b 1 writes each line at once.
        command.addAll(List.of("--samplers", SAMPLERS.get(samplers), "-i", String.valueOf(intervalMillis),
                "-b", "1", "-f", "plist"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        int number = ++starts;
        child = new PowermetricsChild(builder.start(), start.size() > 1,
                Math.max(SILENCE_TIMEOUT_MILLIS, SILENT_INTERVALS * intervalMillis), sample -> take(number, sample));
        return child;
    }

    private synchronized void take(int number, PowermetricsSample sample) {
        if (number != starts || closed) {
            return; // a child that outlived its end must not count what its successor counts
        }
        answered = true;
        problem = null;
        samples.accept(sample);
        notifyAll();
    }

    private void end() {
        PowermetricsChild last;
        synchronized (this) {
            closed = true;
            last = child;
            notifyAll();
        }
        if (last != null) {
            last.end();
        }
    }
}
