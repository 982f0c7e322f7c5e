package collectors;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Apple's powermetrics(1) as a child process that writes one property list per sample. It is started again with
 * growing pauses when it ends or falls silent, one at a time, and ends with this process.
 */
final class Powermetrics implements AutoCloseable {

    /** The man page names no least interval (0 means none at all). This is ours: a list takes it about 1 ms to make. */
    static final long LEAST_INTERVAL_MILLIS = 20;
    /**
     * Through sudo it belongs to root and cannot be ended by us: it ends when it writes its next list to a pipe that
     * nobody reads. That is not to take long, however seldom we are asked.
     */
    static final long MOST_INTERVAL_MILLIS = 1000;

    private static final Logger LOG = Logger.getLogger(Powermetrics.class.getName());

    /** Intel Macs and older systems know fewer samplers, and refuse the whole when one is unknown. */
    private static final List<String> SAMPLERS =
            List.of("cpu_power,gpu_power,ane_power", "cpu_power,gpu_power", "cpu_power");
    private static final String DEFAULT_PATH = "/usr/bin:/bin";
    private static final String REMEDY = ": run the monitor as root, or let this user run powermetrics through sudo "
            + "without a password (the README's Platforms tells how)";
    private static final int MOST_LIST_BYTES = 1 << 20;
    private static final int MOST_LINE_BYTES = 300;
    private static final long SILENCE_MILLIS = 4000;
    private static final int SILENT_INTERVALS = 5;
    private static final long OPEN_LIMIT_MILLIS = 8000;
    private static final long END_LIMIT_MILLIS = 200;
    private static final long DRAIN_LIMIT_MILLIS = 1000;
    private static final long STEADY_MILLIS = 5000;
    private static final long PAUSE_MILLIS = 100;

    private final List<String> start;
    private final Map<String, String> environment;
    private final long intervalMillis;
    private final Consumer<PowermetricsSample> samples;
    private final Thread keeper = new Thread(this::keep, "powermetrics");
    private final Thread endWithUs = new Thread(this::end, "powermetrics-end");

    private int samplers;
    private Child child;
    private boolean closed;
    private boolean answered;
    private boolean failed;
    private volatile String problem;

    /**
     * A child that is not started yet.
     *
     * @param start          the program and what stands before it
     * @param environment    the child's environment variables
     * @param intervalMillis milliseconds between two of our own samples
     * @param samples        takes each sample, in a thread of the child's
     */
    private Powermetrics(List<String> start, Map<String, String> environment, long intervalMillis,
                         Consumer<PowermetricsSample> samples) {
        this.start = start;
        this.environment = environment;
        this.intervalMillis = Math.max(LEAST_INTERVAL_MILLIS, Math.min(intervalMillis, MOST_INTERVAL_MILLIS));
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
                throw new CollectorUnavailableException("powermetrics needs root, and sudo is not on the PATH" + REMEDY);
            }
            start.addAll(List.of(sudo.toString(), "-n"));
        }
        start.add(program.toString());
        Powermetrics powermetrics = new Powermetrics(start, context.environment(), context.intervalMillis(), samples);
        powermetrics.awaitFirst();
        return powermetrics;
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
    long intervalMillis() {
        return intervalMillis;
    }

    /** Why there are no lists now; null when there are. */
    String problem() {
        return problem;
    }

    /** Ends the child. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (IllegalStateException e) {
            LOG.finest("the process ends already, so the hook does its work");
        }
    }

    private void awaitFirst() throws CollectorUnavailableException {
        Runtime.getRuntime().addShutdownHook(endWithUs);
        keeper.start();
        boolean interrupted = false;
        synchronized (this) {
            long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPEN_LIMIT_MILLIS);
            for (long left = OPEN_LIMIT_MILLIS; !answered && !failed && left > 0 && !interrupted;
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

    /** Waits for a change, at most so long; false when this thread is to end. */
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

    /** Runs one child until it ends; says why it did, or null when the next one is to be tried at once. */
    private String run() {
        Child next;
        try {
            next = startChild();
        } catch (IOException e) {
            return "powermetrics cannot be started: " + e.getMessage();
        }
        if (next == null) {
            return "closed";
        }
        next.awaitEnd();
        if (next.samplerRefused && !next.answered && samplers + 1 < SAMPLERS.size()) {
            samplers++;
            return null;
        }
        return next.reason();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The next child; null when closed. */
    private synchronized Child startChild() throws IOException {
        if (closed) {
            return null;
        }
        List<String> command = new ArrayList<>(start);
        // Short options: the long ones were renamed between versions. One line at a time is never held back.
        command.addAll(List.of("--samplers", SAMPLERS.get(samplers), "-i", String.valueOf(intervalMillis),
                "-b", "1", "-f", "plist"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        child = new Child(builder.start());
        return child;
    }

    private synchronized void take(Child from, PowermetricsSample sample) {
        if (from != child || closed) {
            return; // one that outlived its end must not count what the next one counts
        }
        answered = true;
        problem = null;
        samples.accept(sample);
        notifyAll();
    }

    private void end() {
        Child last;
        synchronized (this) {
            closed = true;
            last = child;
            notifyAll();
        }
        if (last != null) {
            last.end();
        }
    }

    /** One run of powermetrics. */
    private final class Child implements PropertyListSplitter.Lists {

        private final Process process;
        private final long silenceMillis = Math.max(SILENCE_MILLIS, SILENT_INTERVALS * intervalMillis);
        private final Thread reader = new Thread(this::read, "powermetrics-lists");
        private final Thread listener = new Thread(this::listen, "powermetrics-errors");
        private volatile long latestNanos = System.nanoTime();
        private volatile String complaint = "";
        private volatile String rejection;
        private volatile boolean samplerRefused;
        private volatile boolean answered;
        private boolean silent;

        Child(Process process) {
            this.process = process;
            reader.setDaemon(true);
            listener.setDaemon(true);
            reader.start();
            listener.start();
        }

        /** Returns when it has ended or has been ended for its silence. */
        void awaitEnd() {
            try {
                process.getOutputStream().close(); // nobody will type a password
                long period = Math.min(silenceMillis / 4, TimeUnit.SECONDS.toMillis(1));
                while (!process.waitFor(period, TimeUnit.MILLISECONDS)) {
                    if (System.nanoTime() - latestNanos > TimeUnit.MILLISECONDS.toNanos(silenceMillis) && !silent) {
                        silent = true;
                        problem = reason();
                        end();
                    }
                }
                listener.join(DRAIN_LIMIT_MILLIS);
                reader.join(DRAIN_LIMIT_MILLIS);
            } catch (IOException e) {
                complaint = e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            end();
        }

        /** Why it gives no lists, as one line. */
        String reason() {
            String malformed = rejection != null ? "; its latest property list " + rejection : "";
            if (silent) {
                return "powermetrics gave no property list for " + silenceMillis + " ms" + malformed;
            }
            String why = complaint.isEmpty() ? "powermetrics ended without a word" : complaint;
            String lower = why.toLowerCase(Locale.ROOT);
            boolean denied = lower.contains("superuser") || !answered && start.size() > 1 && !samplerRefused;
            return why + malformed + (denied ? REMEDY : "");
        }

        /** Ends it, and with sudo what sudo has started. */
        void end() {
            List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
            family.add(process.toHandle());
            family.forEach(ProcessHandle::destroy);
            long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_LIMIT_MILLIS);
            try {
                while (family.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - limit < 0) {
                    Thread.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            family.forEach(ProcessHandle::destroyForcibly);
            try {
                process.getInputStream().close();
                process.getErrorStream().close();
            } catch (IOException e) {
                LOG.fine("powermetrics' output cannot be closed: " + e);
            }
        }

        @Override
        public void list(byte[] list) {
            try {
                PowermetricsSample sample = PowermetricsSample.parse(list);
                answered = true;
                latestNanos = System.nanoTime();
                rejection = null;
                take(this, sample);
            } catch (ParseException e) {
                reject("was rejected: " + e.getMessage());
            }
        }

        @Override
        public void tooLong() {
            reject("was rejected: it is longer than " + MOST_LIST_BYTES + " bytes");
        }

        private void reject(String why) {
            rejection = why;
            LOG.fine("powermetrics' property list " + why);
        }

        private void read() {
            PropertyListSplitter splitter = new PropertyListSplitter(this, MOST_LIST_BYTES);
            byte[] bytes = new byte[1 << 13];
            try (InputStream in = process.getInputStream()) {
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    splitter.add(bytes, count);
                }
            } catch (IOException e) {
                LOG.fine("powermetrics' output has ended: " + e);
            }
            String rest = splitter.rest();
            if (complaint.isEmpty() && !rest.startsWith("<")) {
                complaint = rest.lines().findFirst().orElse("");
            }
        }

        /** Keeps the last line that it complains in. */
        private void listen() {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] bytes = new byte[512];
            try (InputStream in = process.getErrorStream()) {
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    for (int i = 0; i < count; i++) {
                        if (bytes[i] == '\n') {
                            note(line);
                        } else if (line.size() < MOST_LINE_BYTES) {
                            line.write(bytes[i]);
                        }
                    }
                }
            } catch (IOException e) {
                LOG.fine("powermetrics' errors have ended: " + e);
            }
            note(line);
        }

        private void note(ByteArrayOutputStream line) {
            String text = line.toString(StandardCharsets.UTF_8).strip();
            line.reset();
            if (!text.isEmpty()) {
                complaint = text;
                samplerRefused |= text.toLowerCase(Locale.ROOT).contains("sampler");
            }
        }
    }
}
