package server;

import static collectors.Accounting.ADDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceKind;
import collectors.FakeCollector;
import collectors.OptionWithoutEffectException;
import collectors.registry.CollectorRegistry;
import energy.CollectorInfo;
import energy.DescribeRequest;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import energy.HealthResponse;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.accounting.CpuFields;
import telemetry.sampling.LogLines;
import telemetry.sampling.Sensors;

/** The monitor as a whole, on a loopback port, with collectors that do what they are told. */
@Timeout(60)
class MonitorTest {

    private final FakeCollector broken = new FakeCollector("broken");
    private final FakeCollector gpus = new FakeCollector("gpus",
            FakeCollector.gpu("0", 300), FakeCollector.gpu("1", 100));
    private final FakeCollector cpus = new FakeCollector("cpus",
            FakeCollector.device(DeviceKind.CPU_PACKAGE, ADDED, "package-0", 40),
            FakeCollector.device(DeviceKind.DRAM, ADDED, "dram", 9));
    private Monitor monitor;
    private ManagedChannel channel;
    private EnergyMonitorGrpc.EnergyMonitorBlockingStub stub;

    @AfterEach
    void end() {
        if (channel != null) {
            channel.shutdownNow();
        }
        monitor.stop();
    }

    @Test
    void theOthersStandBesideThePrimaryAndNothingIsCountedTwice() throws Exception {
        start(CollectorRegistry.AUTO, true);
        TelemetryReading reading = await(r -> r.getCpuEnergyJoules() > 0);
        assertThat(reading.getPlatform()).isEqualTo("gpus");
        assertThat(reading.getPowerWatts()).isEqualTo(400);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(40);
        assertThat(reading.getAnePowerWatts()).isEqualTo(-1);
        assertThat(reading.getSystemInfo().getHostName()).isNotEmpty();
        HealthResponse health = stub.health(HealthRequest.getDefaultInstance());
        assertThat(health.getHealthy()).isTrue();
        assertThat(health.getPlatform()).isEqualTo("gpus");
    }

    @Test
    void aPrimaryThatContainsTheCpusHasNothingBesideIt() throws Exception {
        start("cpus", true);
        awaitAuxiliary();
        TelemetryReading reading = await(r -> r.getEnergyJoules() > 0);
        assertThat(reading.getPowerWatts()).as("packages and DRAM").isEqualTo(49);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(-1);
        assertThat(reading.getCpuEnergyJoules()).isEqualTo(-1);
    }

    @Test
    void theDescriptionTellsWhatIsMeasuredByWhatAndWhatIsNotAndWhy() throws Exception {
        start(CollectorRegistry.AUTO, true);
        awaitAuxiliary();
        await(r -> r.getDetails().getDevicesCount() == 4);
        DescribeResponse description = stub.describe(DescribeRequest.getDefaultInstance());
        assertThat(description.getCollectorsList()).containsExactlyInAnyOrder(
                CollectorInfo.newBuilder().setName("gpus").setRole("primary").setPlatform("gpus").build(),
                CollectorInfo.newBuilder().setName("broken").setRole("refused").setReason("no driver").build(),
                CollectorInfo.newBuilder().setName("cpus").setRole("auxiliary").setPlatform("cpus").build());
        assertThat(description.getDevicesList()).extracting(DeviceReading::getId)
                .containsExactly("0", "1", "package-0", "dram");
        assertThat(description.getIntervalMs()).isEqualTo(10);
        assertThat(description.getVersion()).isEqualTo("1.2.3");
        assertThat(description.getSystemInfo().getCpuCount()).isPositive();
        assertThat(description.getOwnCost().getSweepMedianMs()).isNotNegative();
    }

    /** Nothing is said to be served before it is known whether any of them tells what works inside GPUs. */
    @Test
    void profilingThatNobodyDoesIsTheOnlyThingThatIsTold() {
        try (LogLines lines = new LogLines(Monitor.class)) {
            make(0, "gpus", true, CpuFields.COMBINED, true, broken, gpus, cpus);
            assertThatThrownBy(monitor::start).isInstanceOf(OptionWithoutEffectException.class);
            assertThat(lines.lines()).isEmpty();
        }
    }

    @Test
    void thePrimaryIsAloneWhereThatIsAskedFor() throws Exception {
        start(CollectorRegistry.AUTO, false);
        TelemetryReading reading = await(r -> r.getEnergyJoules() > 0);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(-1);
        assertThat(cpus.collections).hasValue(0);
    }

    @Test
    void aFailingCollectorMakesTheMonitorUnhealthyAndTheOthersGoOn() throws Exception {
        start(CollectorRegistry.AUTO, true);
        TelemetryReading before = await(r -> r.getCpuPowerWatts() == 40 && r.getEnergyJoules() > 0);
        gpus.failure = new IllegalStateException("the driver is gone");
        TelemetryReading reading = await(r -> r.getPowerWatts() == -1);
        assertThat(reading.getEnergyJoules()).as("the last value stays").isGreaterThanOrEqualTo(before.getEnergyJoules());
        assertThat(reading.getCpuPowerWatts()).isEqualTo(40);
        assertThat(stub.health(HealthRequest.getDefaultInstance()).getHealthy()).isFalse();
        gpus.failure = null;
        reading = await(r -> r.getPowerWatts() == 400);
        assertThat(reading.getEnergyJoules()).isGreaterThanOrEqualTo(before.getEnergyJoules());
    }

    @Test
    void withoutAnySensorItStreamsTheHostAndIsNotHealthy() throws Exception {
        gpus.refusal = "no GPU";
        cpus.refusal = "no powercap";
        start(CollectorRegistry.AUTO, true);
        TelemetryReading reading = await(r -> true);
        assertThat(reading.getPlatform()).isEqualTo("null");
        assertThat(reading.getPowerWatts()).isEqualTo(-1);
        assertThat(reading.getCpuMemoryUsageMb()).isPositive();
        assertThat(reading.getGpuInfo().getName()).isEmpty();
        assertThat(stub.health(HealthRequest.getDefaultInstance()).getHealthy()).isFalse();
        assertThat(stub.describe(DescribeRequest.getDefaultInstance()).getCollectorsList())
                .filteredOn(collector -> collector.getRole().equals("refused"))
                .extracting(CollectorInfo::getReason).containsExactly("no driver", "no GPU", "no powercap");
    }

    @Test
    void theCollectorThatIsAskedForIsNotReplacedWhenItCannotWork() {
        assertThatThrownBy(() -> start("broken", true))
                .isInstanceOf(CollectorUnavailableException.class).hasMessage("no driver");
        assertThat(gpus.collections).hasValue(0);
    }

    /** The gate is shut while the driver initialises: the first question is a part of the opening. */
    @Test
    void whileADriverInitialisesHealthAnswersAndReadingsHaveWhatIsThere() throws Exception {
        gpus.gate = new CountDownLatch(1);
        CompletableFuture<Void> starting = startInBackground();
        HealthResponse health = stub.health(HealthRequest.getDefaultInstance());
        assertThat(health.getHealthy()).isFalse();
        TelemetryReading early = await(r -> r.getCpuEnergyJoules() > 0);
        assertThat(early.getPlatform()).isEqualTo("null");
        assertThat(early.getPowerWatts()).isEqualTo(-1);
        assertThat(early.getEnergyJoules()).isEqualTo(-1);
        assertThat(early.getCpuPowerWatts()).isEqualTo(40);
        assertThat(stub.describe(DescribeRequest.getDefaultInstance()).getCollectorsList())
                .extracting(CollectorInfo::getName, CollectorInfo::getRole)
                .contains(tuple("cpus", "auxiliary"), tuple("gpus", "opening"));
        gpus.gate.countDown();
        TelemetryReading reading = await(r -> r.getEnergyJoules() > 0);
        assertThat(reading.getPlatform()).isEqualTo("gpus");
        assertThat(reading.getPowerWatts()).isEqualTo(400);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(40);
        assertThat(reading.getCpuEnergyJoules()).as("nothing of it is lost").isGreaterThan(early.getCpuEnergyJoules());
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getId)
                .containsExactly("0", "1", "package-0", "dram");
        starting.join();
        assertThat(stub.health(HealthRequest.getDefaultInstance()).getPlatform()).isEqualTo("gpus");
        assertThat(stub.describe(DescribeRequest.getDefaultInstance()).getCollectorsList())
                .extracting(CollectorInfo::getName, CollectorInfo::getRole).containsExactlyInAnyOrder(
                        tuple("gpus", "primary"), tuple("cpus", "auxiliary"), tuple("broken", "refused"));
    }

    @Test
    void whatStoodBesideADriverThatFailsInTheEndBecomesThePrimaryAndLosesNothing() throws Exception {
        gpus.gate = new CountDownLatch(1);
        CompletableFuture<Void> starting = startInBackground();
        TelemetryReading early = await(r -> r.getCpuEnergyJoules() > 0);
        gpus.failure = new CollectorUnavailableException("the driver has failed");
        gpus.gate.countDown();
        TelemetryReading reading = await(r -> r.getPlatform().equals("cpus"));
        assertThat(reading.getPowerWatts()).as("packages and DRAM").isEqualTo(49);
        assertThat(reading.getEnergyJoules()).isGreaterThan(early.getCpuEnergyJoules());
        assertThat(reading.getCpuPowerWatts()).isEqualTo(-1);
        starting.join();
        assertThat(stub.describe(DescribeRequest.getDefaultInstance()).getCollectorsList())
                .extracting(CollectorInfo::getName, CollectorInfo::getRole).containsExactlyInAnyOrder(
                        tuple("cpus", "primary"), tuple("broken", "refused"), tuple("gpus", "refused"));
        assertThat(cpus.closings).hasValue(0);
    }

    @Test
    void stoppingCompletesTheStreamsAndClosesEveryCollectorOnce() throws Exception {
        start(CollectorRegistry.AUTO, true);
        Iterator<TelemetryReading> readings = stub.streamTelemetry(StreamRequest.getDefaultInstance());
        assertThat(readings.hasNext()).isTrue();
        monitor.stop();
        while (readings.hasNext()) {
            readings.next(); // throws unless the stream is completed
        }
        monitor.stop();
        assertThat(gpus.closings).hasValue(1);
        assertThat(cpus.closings).hasValue(1);
        int collections = gpus.collections.get();
        TimeUnit.MILLISECONDS.sleep(50);
        assertThat(gpus.collections).hasValue(collections);
    }

    @Test
    void packagesMeasuredAloneHaveFieldsOfTheirOwnWhereThatIsAskedFor() throws Exception {
        FakeCollector rapl = new FakeCollector("rapl",
                FakeCollector.device(DeviceKind.CPU_PACKAGE, ADDED, "package-0", 40),
                FakeCollector.device(DeviceKind.CPU_PACKAGE, ADDED, "package-1", 50),
                FakeCollector.device(DeviceKind.DRAM, ADDED, "dram", 9));
        start("rapl", true, CpuFields.SEPARATE, rapl);
        TelemetryReading reading = await(r -> r.getCpuEnergyJoules() > 0);
        assertThat(reading.getCpuPowerWatts()).as("the packages").isEqualTo(90);
        assertThat(reading.getPowerWatts()).isEqualTo(-1);
        assertThat(reading.getEnergyJoules()).isEqualTo(-1);
        assertThat(reading.getDetails().getTotal().getPowerWatts()).as("nothing is lost from the total").isEqualTo(99);
        assertThat(stub.health(HealthRequest.getDefaultInstance()).getHealthy()).isTrue();
        channel.shutdownNow();
        monitor.stop();
        start("rapl", true, CpuFields.COMBINED, rapl);
        reading = await(r -> r.getEnergyJoules() > 0);
        assertThat(reading.getPowerWatts()).isEqualTo(99);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(-1);
    }

    @Test
    void onOtherPlatformsTheFieldsStayAsTheyAre() throws Exception {
        start("gpus", true, CpuFields.SEPARATE, gpus, cpus);
        TelemetryReading reading = await(r -> r.getCpuEnergyJoules() > 0);
        assertThat(reading.getPowerWatts()).isEqualTo(400);
        assertThat(reading.getCpuPowerWatts()).isEqualTo(40);
    }

    private void start(String collector, boolean auxiliary) throws Exception {
        start(collector, auxiliary, CpuFields.COMBINED, broken, gpus, cpus);
    }

    private void start(String collector, boolean auxiliary, CpuFields cpuFields, FakeCollector... collectors)
            throws Exception {
        make(0, collector, auxiliary, cpuFields, collectors);
        connect(monitor.start());
    }

    /** On a port that was free a moment ago: the monitor tells its own only when all are open. */
    private CompletableFuture<Void> startInBackground() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        make(port, CollectorRegistry.AUTO, true, CpuFields.COMBINED, broken, gpus, cpus);
        connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return CompletableFuture.runAsync(() -> {
            try {
                monitor.start();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, task -> new Thread(task, "starts-the-monitor").start());
    }

    private void make(int port, String collector, boolean auxiliary, CpuFields cpuFields,
                      FakeCollector... collectors) {
        make(port, collector, auxiliary, cpuFields, false, collectors);
    }

    private void make(int port, String collector, boolean auxiliary, CpuFields cpuFields, boolean gpm,
                      FakeCollector... collectors) {
        broken.refusal = "no driver";
        CollectorContext context = new CollectorContext(Path.of("/sys"), Path.of("/proc"), Map.of(), 10, "all",
                CollectorContext.MacosPower.COMBINED, gpm);
        monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Sensors.Settings(collector, auxiliary, context, "1.2.3", cpuFields)),
                FakeCollector.registry(collectors));
    }

    private void connect(InetSocketAddress bound) {
        channel = NettyChannelBuilder.forAddress(bound).usePlaintext().build();
        stub = EnergyMonitorGrpc.newBlockingStub(channel).withWaitForReady()
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    /** Until the collectors beside the primary one have been asked twice: when they opened, and by the sampler. */
    private void awaitAuxiliary() throws InterruptedException {
        while (Math.min(gpus.collections.get(), cpus.collections.get()) < 2) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** A reading of that kind, with its devices. */
    private TelemetryReading await(Predicate<TelemetryReading> wanted) {
        Iterator<TelemetryReading> readings =
                stub.streamTelemetry(StreamRequest.newBuilder().setIncludeDevices(true).build());
        while (true) {
            TelemetryReading reading = readings.next();
            if (wanted.test(reading)) {
                return reading;
            }
        }
    }
}
