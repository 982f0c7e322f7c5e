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
//SOURCES lanes/**.java
//SOURCES server/**.java
//SOURCES telemetry/**.java

//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanes.Report;
import lanes.Tests;
import lanes.Worker;
import org.junit.jupiter.api.Tag;

/**
 * Runs the tests: all of them, or those whose class name contains one of the arguments. Three lanes run them beside each
 * other, a class at a time and those with a low {@link org.junit.jupiter.api.Order} first: one takes tests of whole
 * programs, which wait for these most of their time, and two the others, each in a JVM of its own since they share its
 * loaded libraries and loggers; who has no more of its own takes tests of whole programs. A fourth lane would hold up
 * two cores so long that tests of real time fail. What fails on a busy machine all the same is run once more by itself
 * and told as such.
 * Prints what was skipped and why, what failed and how, how long the slow ones took, and last a line
 * {@code N passed, N failed}.
 */
public final class RunTests {

    private static final String WHOLE_PROGRAMS = "e2e.";
    /** What a class elsewhere is tagged with that starts whole programs, too. */
    private static final String WHOLE_PROGRAMS_TAG = "whole-programs";
    /** More failures than these are not the machine's. */
    private static final int MOST_ONCE_MORE = 8;

    private final long startMillis = System.currentTimeMillis();
    private final Report report = new Report(System.out, startMillis);
    private final Queue<Class<?>> wholePrograms = new ConcurrentLinkedQueue<>();
    private final Queue<Class<?>> others = new ConcurrentLinkedQueue<>();

    private RunTests() {
    }

    public static void main(String... arguments) throws URISyntaxException {
        String wanted = arguments.length == 0 ? ".*Test"
                : Stream.of(arguments).map(Pattern::quote).collect(Collectors.joining("|", ".*(", ").*"));
        Path tests = Path.of(RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        System.exit(new RunTests().run(Tests.find(tests, wanted)) ? 0 : 1);
    }

    private boolean run(List<Class<?>> tests) {
        tests.forEach(test -> (isOfWholePrograms(test) ? wholePrograms : others).add(test));
        CompletableFuture.allOf(lane(this::drainWholePrograms), lane(this::drainOthers), lane(this::drainOthers))
                .join();
        report.takeFailed(MOST_ONCE_MORE).forEach(test -> Tests.run(test, report));
        return report.close();
    }

    private static boolean isOfWholePrograms(Class<?> test) {
        return test.getName().startsWith(WHOLE_PROGRAMS)
                || Stream.of(test.getAnnotationsByType(Tag.class)).anyMatch(tag -> tag.value().equals(WHOLE_PROGRAMS_TAG));
    }

    private static CompletableFuture<Void> lane(Runnable tests) {
        return CompletableFuture.runAsync(tests, run -> new Thread(run, "lane").start());
    }

    private void drainWholePrograms() {
        for (Class<?> test = wholePrograms.poll(); test != null; test = wholePrograms.poll()) {
            Tests.run(test.getName(), report);
        }
    }

    private void drainOthers() {
        while (!others.isEmpty()) {
            try (Worker worker = Worker.start(startMillis)) {
                boolean alive = true;
                while (alive) {
                    Class<?> test = others.poll();
                    alive = test != null && worker.run(test, report);
                }
            } catch (IOException e) {
                throw new IllegalStateException("no JVM for the tests can be started", e);
            }
        }
        drainWholePrograms();
    }
}
