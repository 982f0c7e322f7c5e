///usr/bin/env jbang "$0" "$@" ; exit $?

//SOURCES ../EnergyMonitor.java
//DEPS org.junit.jupiter:junit-jupiter:5.14.4
//DEPS org.junit.platform:junit-platform-launcher:1.14.4
//DEPS org.assertj:assertj-core:3.27.7
//DEPS io.grpc:grpc-inprocess:1.83.0

//SOURCES cli/ChildCommandTest.java
//SOURCES cli/EnergyLedgerTest.java
//SOURCES cli/EnergySpanTest.java
//SOURCES cli/PowerHistoryTest.java
//SOURCES cli/RecordFileTest.java
//SOURCES cli/RecordedReadings.java
//SOURCES cli/RecordingTest.java
//SOURCES cli/SensorRatesTest.java
//SOURCES cli/TargetOptionsTest.java
//SOURCES cli/WatchScreenTest.java
//SOURCES collectors/AmdCollectorTest.java
//SOURCES collectors/AmdSmiTest.java
//SOURCES collectors/AmdSysfsTest.java
//SOURCES collectors/BackoffTest.java
//SOURCES collectors/CollectorRegistryTest.java
//SOURCES collectors/DeviceSelectionTest.java
//SOURCES collectors/FakeCollector.java
//SOURCES collectors/FakeLibrary.java
//SOURCES collectors/FakeNvml.java
//SOURCES collectors/FakeRocmSmi.java
//SOURCES collectors/GpuInfoTest.java
//SOURCES collectors/LinuxHostTest.java
//SOURCES collectors/MacosCollectorTest.java
//SOURCES collectors/NvidiaAllocationTest.java
//SOURCES collectors/NvidiaAsleepTest.java
//SOURCES collectors/NvidiaCollectorTest.java
//SOURCES collectors/NvidiaRecoveryTest.java
//SOURCES collectors/NvidiaSelectionTest.java
//SOURCES collectors/NvmlLoadTest.java
//SOURCES collectors/NvmlSearchOrderTest.java
//SOURCES collectors/PowermetricsSampleTest.java
//SOURCES collectors/PropertyListSplitterTest.java
//SOURCES collectors/RaplCollectorTest.java
//SOURCES collectors/RocmSmiTest.java
//SOURCES collectors/SimulatedCollectorTest.java
//SOURCES collectors/SysfsFileTest.java
//SOURCES collectors/SysfsTree.java
//SOURCES e2e/BadClientsTest.java
//SOURCES e2e/BrokenCollector.java
//SOURCES e2e/Chromium.java
//SOURCES e2e/Client.java
//SOURCES e2e/CommandLineTest.java
//SOURCES e2e/DetailsTest.java
//SOURCES e2e/DisagreeingCollector.java
//SOURCES e2e/DoctorTest.java
//SOURCES e2e/EditTest.java
//SOURCES e2e/EndTest.java
//SOURCES e2e/InstallIpwTest.java
//SOURCES e2e/JbangUsesTest.java
//SOURCES e2e/JbangwTest.java
//SOURCES e2e/MacosTest.java
//SOURCES e2e/MeasureTest.java
//SOURCES e2e/OddNamesCollector.java
//SOURCES e2e/PageTest.java
//SOURCES e2e/Program.java
//SOURCES e2e/Project.java
//SOURCES e2e/PrometheusTest.java
//SOURCES e2e/Python.java
//SOURCES e2e/QuietStderrTest.java
//SOURCES e2e/ReadmeTest.java
//SOURCES e2e/RecordTest.java
//SOURCES e2e/RunFromUrlTest.java
//SOURCES e2e/SecurityTest.java
//SOURCES e2e/ServiceTest.java
//SOURCES e2e/SourceListsTest.java
//SOURCES e2e/SteadyCollector.java
//SOURCES e2e/StreamingTest.java
//SOURCES e2e/Tools.java
//SOURCES e2e/WatchTest.java
//SOURCES server/AccessInterceptorTest.java
//SOURCES server/AccessTokenTest.java
//SOURCES server/BroadcastTest.java
//SOURCES server/Certificates.java
//SOURCES server/CollectorSlotTest.java
//SOURCES server/CounterPowerTest.java
//SOURCES server/EnergyMeterCounterTest.java
//SOURCES server/EnergyMeterStormTest.java
//SOURCES server/EnergyMeterTest.java
//SOURCES server/EnergyMonitorServiceTest.java
//SOURCES server/FixedHost.java
//SOURCES server/FixtureReadingsTest.java
//SOURCES server/HttpEndpointTest.java
//SOURCES server/LogLines.java
//SOURCES server/MetricsTest.java
//SOURCES server/MonitorTest.java
//SOURCES server/NvidiaHangTest.java
//SOURCES server/NvidiaStormTest.java
//SOURCES server/ReadingEncoderTest.java
//SOURCES server/ReadingJsonTest.java
//SOURCES server/SampleCheckTest.java
//SOURCES server/SamplerTest.java
//SOURCES server/StandardServicesTest.java
//SOURCES server/StoringSubscriber.java
//SOURCES server/TlsFilesTest.java
//SOURCES server/TotalsTest.java

//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests: all of them, or those whose class name contains one of the arguments. Prints what was skipped and
 * why, what failed and how, how long the slow ones took, and last a line {@code N passed, N failed}.
 */
public final class RunTests {

    private RunTests() {
    }

    public static void main(String... arguments) throws URISyntaxException {
        String wanted = arguments.length == 0 ? ".*Test"
                : Stream.of(arguments).map(Pattern::quote).collect(Collectors.joining("|", ".*(", ").*"));
        Path tests = Path.of(RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(tests)))
                .filters(ClassNameFilter.includeClassNamePatterns(wanted))
                .build();
        Report report = new Report(System.out);
        LauncherFactory.create().execute(request, report);
        System.exit(report.close() ? 0 : 1);
    }

    private static final class Report implements TestExecutionListener {

        /** A test that takes so long gets a line. */
        private static final double SLOW_SECONDS = 1;

        private final PrintStream out;
        private final long start = System.nanoTime();
        private final Map<TestIdentifier, Long> starts = new ConcurrentHashMap<>();
        private int passed;
        private int failed;
        private int skipped;

        Report(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            starts.put(test, System.nanoTime());
            test.getSource().filter(ClassSource.class::isInstance).ifPresent(source -> out.printf(Locale.ROOT,
                    "[%4.0f s] %s%n", (System.nanoTime() - start) / 1e9, ((ClassSource) source).getClassName()));
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skip(test, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            double seconds = (System.nanoTime() - starts.remove(test)) / 1e9;
            if (test.isTest() && seconds >= SLOW_SECONDS) {
                out.printf(Locale.ROOT, "  %6.1f s  %s%n", seconds, test.getDisplayName());
            }
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
                case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
                case FAILED -> {
                    failed++;
                    out.println("FAILED " + name(test));
                    result.getThrowable().ifPresent(e -> e.printStackTrace(out));
                }
            }
        }

        boolean close() {
            if (skipped > 0) {
                out.println(skipped + " skipped, for the reasons above");
            }
            out.println(passed + " passed, " + failed + " failed");
            return failed == 0 && passed > 0;
        }

        private void skip(TestIdentifier test, String reason) {
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
