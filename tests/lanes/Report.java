package lanes;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * What all runs of tests report to, each in its own thread. Several JVMs print into the same stream: each line, and each
 * trace, in one go.
 */
public final class Report implements TestExecutionListener {

    /** A test that takes so long gets a line. */
    private static final double SLOW_SECONDS = 1;

    private final PrintStream out;
    private final long startMillis;
    private final Map<TestIdentifier, Long> starts = new ConcurrentHashMap<>();
    /** Tests that failed, with their names. */
    private final Map<UniqueId, String> failed = new LinkedHashMap<>();
    private List<String> heldUp = List.of();
    private int passed;
    private int skipped;

    /**
     * @param startMillis when the first test of all began, as {@link System#currentTimeMillis} had it
     */
    public Report(PrintStream out, long startMillis) {
        this.out = out;
        this.startMillis = startMillis;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) { // all runs have the same engine
            starts.put(test, System.nanoTime());
        }
        test.getSource().filter(ClassSource.class::isInstance).ifPresent(source -> line(String.format(Locale.ROOT,
                "[%4.0f s] %s", (System.currentTimeMillis() - startMillis) / 1e3,
                ((ClassSource) source).getClassName())));
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Long started = starts.remove(test);
        double seconds = started == null ? 0 : (System.nanoTime() - started) / 1e9;
        if (seconds >= SLOW_SECONDS) {
            line(String.format(Locale.ROOT, "  %6.1f s  %s", seconds, name(test)));
        }
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            case FAILED -> {
                StringWriter trace = new StringWriter();
                result.getThrowable().ifPresent(e -> e.printStackTrace(new PrintWriter(trace)));
                fail(test.getUniqueIdObject(), name(test), trace.toString());
            }
        }
    }

    synchronized void fail(UniqueId test, String name, String trace) {
        failed.put(test, name);
        line(("FAILED " + name + "\n" + trace).stripTrailing());
    }

    synchronized void add(Outcome outcome) {
        passed += outcome.passed();
        skipped += outcome.skipped();
        failed.putAll(outcome.failed());
    }

    /** What there was since the last call. */
    synchronized Outcome take() {
        Outcome outcome = new Outcome(passed, skipped, new LinkedHashMap<>(failed));
        passed = 0;
        skipped = 0;
        failed.clear();
        return outcome;
    }

    /** Those that failed, to be run again, if they are no more than that; they count as not run then. */
    public synchronized List<UniqueId> takeFailed(int most) {
        if (failed.isEmpty() || failed.size() > most) {
            return List.of();
        }
        List<UniqueId> tests = List.copyOf(failed.keySet());
        heldUp = List.copyOf(failed.values());
        failed.clear();
        line("Once more, by themselves: " + String.join(", ", heldUp));
        return tests;
    }

    /** Prints the last lines. */
    public synchronized boolean close() {
        heldUp.stream().filter(test -> !failed.containsValue(test))
                .forEach(test -> line("held up, and passed by itself: " + test));
        if (skipped > 0) {
            line(skipped + " skipped, for the reasons above");
        }
        line(passed + " passed, " + failed.size() + " failed");
        return failed.isEmpty() && passed > 0;
    }

    private synchronized void skip(TestIdentifier test, String reason) {
        skipped++;
        line("skipped " + name(test) + ": " + reason);
    }

    private void line(String text) {
        out.print(text + System.lineSeparator());
        out.flush();
    }

    private static String name(TestIdentifier test) {
        return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast)
                .map(source -> source.getClassName() + "." + test.getDisplayName())
                .orElse(test.getDisplayName());
    }
}
