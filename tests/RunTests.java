///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../EnergyMonitor.java
//DEPS org.junit.jupiter:junit-jupiter:5.14.4
//DEPS org.junit.platform:junit-platform-launcher:1.14.4
//DEPS org.assertj:assertj-core:3.27.7
//DEPS io.grpc:grpc-inprocess:1.83.0

// Patterns, unlike in the monitor: the tests always run from a folder.
//SOURCES cli/**.java
//SOURCES collectors/**.java
//SOURCES e2e/**.java
//SOURCES figures/**.java
//SOURCES server/**.java
//SOURCES telemetry/**.java

//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests: all of them, or those whose class name contains one of the arguments. Tests of whole programs wait
 * most of their time, so lanes run them, a class at a time and those with a low {@link Order} first: one while another
 * runs the tests that share this process' loaded libraries and loggers, three from then on. What a busy machine makes
 * fail, in which a test of real time is held up for longer than it allows, is run once more by itself and told as such.
 * Prints what was skipped and why, what failed and how, how long the slow ones took, and last a line
 * {@code N passed, N failed}.
 */
public final class RunTests {

    private static final String WHOLE_PROGRAMS = "e2e\\..*";
    /** More failures than these are not the machine's. */
    private static final int MOST_ONCE_MORE = 8;

    private RunTests() {
    }

    public static void main(String... arguments) throws URISyntaxException {
        String wanted = arguments.length == 0 ? ".*Test"
                : Stream.of(arguments).map(Pattern::quote).collect(Collectors.joining("|", ".*(", ").*"));
        Path tests = Path.of(RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Queue<Class<?>> wholePrograms = wholePrograms(request(tests, wanted,
                ClassNameFilter.includeClassNamePatterns(WHOLE_PROGRAMS)));
        Report report = new Report(System.out);
        CompletableFuture<Void> beside = lane(wholePrograms, report);
        LauncherFactory.create().execute(request(tests, wanted,
                ClassNameFilter.excludeClassNamePatterns(WHOLE_PROGRAMS)), report);
        CompletableFuture<Void> third = lane(wholePrograms, report);
        drain(wholePrograms, report);
        CompletableFuture.allOf(beside, third).join();
        report.takeFailed(MOST_ONCE_MORE).forEach(test -> execute(selectUniqueId(test), report));
        System.exit(report.close() ? 0 : 1);
    }

    private static LauncherDiscoveryRequest request(Path tests, String wanted, ClassNameFilter part) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(tests)))
                .filters(ClassNameFilter.includeClassNamePatterns(wanted), part).build();
    }

    private static Queue<Class<?>> wholePrograms(LauncherDiscoveryRequest request) {
        TestPlan plan = LauncherFactory.create().discover(request);
        return plan.getRoots().stream().flatMap(engine -> plan.getChildren(engine).stream())
                .flatMap(test -> test.getSource().stream()).filter(ClassSource.class::isInstance)
                .<Class<?>>map(source -> ((ClassSource) source).getJavaClass())
                .sorted(Comparator.comparingInt(RunTests::order))
                .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    }

    private static int order(Class<?> test) {
        Order order = test.getAnnotation(Order.class);
        return order == null ? Order.DEFAULT : order.value();
    }

    private static CompletableFuture<Void> lane(Queue<Class<?>> tests, TestExecutionListener report) {
        return CompletableFuture.runAsync(() -> drain(tests, report), run -> new Thread(run, "whole-programs").start());
    }

    private static void drain(Queue<Class<?>> tests, TestExecutionListener report) {
        for (Class<?> test = tests.poll(); test != null; test = tests.poll()) {
            execute(selectClass(test), report);
        }
    }

    private static void execute(DiscoverySelector tests, TestExecutionListener report) {
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(tests).build(), report);
    }

    /** What all runs report to, each in its own thread. */
    private static final class Report implements TestExecutionListener {

        /** A test that takes so long gets a line. */
        private static final double SLOW_SECONDS = 1;

        private final PrintStream out;
        private final long start = System.nanoTime();
        private final Map<TestIdentifier, Long> starts = new ConcurrentHashMap<>();
        /** Tests that failed, with their names. */
        private final Map<UniqueId, String> failed = new LinkedHashMap<>();
        private List<String> heldUp = List.of();
        private int passed;
        private int skipped;

        Report(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.isTest()) { // all runs have the same engine
                starts.put(test, System.nanoTime());
            }
            test.getSource().filter(ClassSource.class::isInstance).ifPresent(source -> out.printf(Locale.ROOT,
                    "[%4.0f s] %s%n", (System.nanoTime() - start) / 1e9, ((ClassSource) source).getClassName()));
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
                out.printf(Locale.ROOT, "  %6.1f s  %s%n", seconds, name(test));
            }
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
                case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
                case FAILED -> {
                    failed.put(test.getUniqueIdObject(), name(test));
                    out.println("FAILED " + name(test));
                    result.getThrowable().ifPresent(e -> e.printStackTrace(out));
                }
            }
        }

        /** Those that failed, to be run again, if they are no more than that; they count as not run then. */
        synchronized List<UniqueId> takeFailed(int most) {
            if (failed.isEmpty() || failed.size() > most) {
                return List.of();
            }
            List<UniqueId> tests = List.copyOf(failed.keySet());
            heldUp = List.copyOf(failed.values());
            failed.clear();
            out.println("Once more, by themselves: " + String.join(", ", heldUp));
            return tests;
        }

        synchronized boolean close() {
            heldUp.stream().filter(test -> !failed.containsValue(test))
                    .forEach(test -> out.println("held up, and passed by itself: " + test));
            if (skipped > 0) {
                out.println(skipped + " skipped, for the reasons above");
            }
            out.println(passed + " passed, " + failed.size() + " failed");
            return failed.isEmpty() && passed > 0;
        }

        private synchronized void skip(TestIdentifier test, String reason) {
            skipped++;
            out.println("skipped " + name(test) + ": " + reason);
        }

        private static String name(TestIdentifier test) {
            return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast)
                    .map(source -> source.getClassName() + "." + test.getDisplayName())
                    .orElse(test.getDisplayName());
        }
    }
}
