package collectors.apple.powermetrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** One run of powermetrics: its lists, its error messages, its end. */
final class PowermetricsChild implements PropertyListSplitter.Lists {

    /** What to do where powermetrics needs root. */
    static final String REMEDY = ": run the monitor as root, or let this user run powermetrics through sudo "
            + "without a password (see docs/platforms.md)";

    private static final Logger LOG = Logger.getLogger(PowermetricsChild.class.getName());

    private static final int MAX_LIST_BYTES = 1 << 20;
    private static final int MAX_LINE_BYTES = 300;
    private static final long END_TIMEOUT_MILLIS = 200;
    private static final long DRAIN_TIMEOUT_MILLIS = 1000;

    private final Process process;
    private final boolean throughSudo;
    private final long silenceMillis;
    private final Consumer<PowermetricsSample> samples;
    private final Thread reader = new Thread(this::read, "powermetrics-lists");
    private final Thread listener = new Thread(this::listen, "powermetrics-errors");
    private volatile long latestNanos = System.nanoTime();
    private volatile String errorLine = "";
    private volatile String lastWords = "";
    private volatile String rejection;
    private volatile boolean samplerRefused;
    private volatile boolean answered;
    private volatile boolean silent;

    /**
     * A child that was just started.
     *
     * @param throughSudo   whether the process is sudo, which starts powermetrics
     * @param silenceMillis after so long without a list it is ended
     * @param samples       takes each sample, in a thread of the child's
     */
    PowermetricsChild(Process process, boolean throughSudo, long silenceMillis,
                      Consumer<PowermetricsSample> samples) {
        this.process = process;
        this.throughSudo = throughSudo;
        this.silenceMillis = silenceMillis;
        this.samples = samples;
        reader.setDaemon(true);
        listener.setDaemon(true);
        reader.start();
        listener.start();
    }

    /** Whether it gave no list because it does not know one of the samplers. */
    boolean refusedSampler() {
        return samplerRefused && !answered;
    }

    /** Whether it has given no list for a long time. It may still run where this user may not end it. */
    boolean isSilent() {
        return silent;
    }

    /** Returns when it has ended or has been ended for its silence. */
    void awaitEnd() {
        try {
            process.getOutputStream().close(); // nobody will type a password
            long period = Math.min(silenceMillis / 4, TimeUnit.SECONDS.toMillis(1));
            while (!process.waitFor(period, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - latestNanos > TimeUnit.MILLISECONDS.toNanos(silenceMillis) && !silent) {
                    silent = true;
                    end();
                }
            }
            listener.join(DRAIN_TIMEOUT_MILLIS);
            reader.join(DRAIN_TIMEOUT_MILLIS);
        } catch (IOException e) {
            errorLine = "powermetrics' input cannot be closed: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    /** Why it gives no lists, in one line. */
    String reason() {
        String malformed = rejection != null ? "; its latest property list " + rejection : "";
        if (silent) {
            return "powermetrics gave no property list for " + silenceMillis + " ms" + malformed;
        }
        String why = !errorLine.isEmpty() ? errorLine
                : !lastWords.isEmpty() ? lastWords : "powermetrics ended without a message";
        String lower = why.toLowerCase(Locale.ROOT);
        boolean denied = lower.contains("superuser") || !answered && throughSudo && !samplerRefused;
        return why + malformed + (denied ? REMEDY : "");
    }

    /** Ends it, and with sudo what sudo has started. */
    void end() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroy);
        long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_TIMEOUT_MILLIS);
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
            samples.accept(sample);
        } catch (ParseException e) {
            reject("was rejected: " + e.getMessage());
        }
    }

    @Override
    public void tooLong() {
        reject("was rejected: it is longer than " + MAX_LIST_BYTES + " bytes");
    }

    private void reject(String why) {
        rejection = why;
        LOG.fine("powermetrics' property list " + why);
    }

    private void read() {
        PropertyListSplitter splitter = new PropertyListSplitter(this, MAX_LIST_BYTES);
        byte[] bytes = new byte[1 << 13];
        try (InputStream in = process.getInputStream()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                splitter.add(bytes, count);
            }
        } catch (IOException e) {
            LOG.fine("powermetrics' output has ended: " + e);
        }
        String rest = splitter.rest();
        lastWords = rest.startsWith("<") ? "" : rest.lines().findFirst().orElse("");
    }

    /** Keeps the last line of its error output. */
    private void listen() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[512];
        try (InputStream in = process.getErrorStream()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    if (bytes[i] == '\n') {
                        note(line);
                    } else if (line.size() < MAX_LINE_BYTES) {
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
            errorLine = text;
            samplerRefused |= text.toLowerCase(Locale.ROOT).contains("sampler");
        }
    }
}
