package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.SysfsTree;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.EnergySource;
import energy.StreamRequest;
import energy.TelemetryReading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only those get who ask: every device, slower streams, and the description of the monitor. */
@Timeout(120)
class DetailsTest {

    private static final String MACHINE = "sysfs/intel-arc-desktop/sys.txt";

    @TempDir
    Path sysfs;

    private SysfsTree tree;
    private Program monitor;
    private Client client;

    @BeforeEach
    void startOnAMachineWithACardAndACpu() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "there is no sysfs on this system");
        tree = new SysfsTree(Project.FIXTURES.resolve(MACHINE), sysfs);
        monitor = Project.startJava("--port", "0", "--collector", "intel-gpu", "--path.sysfs", sysfs.toString(),
                "--collection-interval-ms", "20");
        client = new Client(monitor.port());
    }

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
            monitor.close();
        }
    }

    @Test
    void devicesOfThePrimaryAndTheAuxiliaryCollectorComeToThoseWhoAsk() throws Exception {
        StreamRequest request = StreamRequest.newBuilder().setIncludeDevices(true).build();
        Client.Stream stream = client.stream(request, Integer.MAX_VALUE);
        stream.await(r -> r.getDetails().getDevicesCount() >= 3);
        tree.apply(1);
        TelemetryReading reading = stream.await(r -> r.getDetails().getDevicesList().stream()
                .filter(device -> device.getEnergyJoules() > 0).count() == 3);
        assertThat(reading.getPlatform()).isEqualTo("intel-gpu");
        assertThat(reading.getEnergyJoules()).isEqualTo(150);
        assertThat(reading.getCpuEnergyJoules()).isEqualTo(30);
        assertThat(reading.getDetails().getIntervalMs()).isEqualTo(20);
        assertThat(reading.getDetails().getSweepMs()).isPositive();
        assertThat(reading.getDetails().getDroppedReadings()).isZero();
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getId)
                .startsWith("0000:03:00.0/1", "0000:03:00.0/2").contains("intel-rapl:0");
        assertThat(reading.getDetails().getDevicesList()).extracting(DeviceReading::getAccounting)
                .startsWith("added", "contained");
        assertThat(reading.getDetails().getDevices(0).getEnergySource()).isEqualTo(EnergySource.ENERGY_SOURCE_COUNTER);
        List<Long> sequences = stream.readings().stream().map(each -> each.getDetails().getSequence()).toList();
        for (int i = 1; i < sequences.size(); i++) {
            assertThat(sequences.get(i)).isEqualTo(sequences.get(i - 1) + 1);
        }
    }

    @Test
    void whoDoesNotAskGetsNothingOfOurs() throws Exception {
        Client.Stream stream = client.stream();
        stream.await(reading -> stream.readings().size() > 2);
        assertThat(stream.readings()).allSatisfy(reading -> {
            assertThat(reading.getAllFields().keySet()).allMatch(field -> field.getNumber() <= 17);
            assertThat(reading.getUnknownFields().asMap()).isEmpty();
        });
    }

    @Test
    void aStreamMayBeSlowerThanTheServerButNotFaster() throws Exception {
        Client.Stream slow = client.stream(StreamRequest.newBuilder().setIntervalMs(200).build(), Integer.MAX_VALUE);
        Client.Stream fast = client.stream(StreamRequest.newBuilder().setIntervalMs(1).build(), Integer.MAX_VALUE);
        fast.await(reading -> fast.readings().size() > 60);
        long first = fast.readings().get(0).getTimestampNanos();
        long last = fast.readings().get(60).getTimestampNanos();
        assertThat(last - first).as("60 intervals of 20 ms").isGreaterThan(60 * 19_000_000L);
        slow.await(reading -> slow.readings().size() > 3);
        List<TelemetryReading> readings = slow.readings();
        int count = readings.size();
        long span = readings.get(count - 1).getTimestampNanos() - readings.get(0).getTimestampNanos();
        assertThat(span).as("one of them may be late, and the next one on time").isGreaterThan((count - 2) * 200_000_000L);
    }

    @Test
    void theMonitorDescribesItself() {
        DescribeResponse description = client.describe();
        assertThat(description.getSystemInfo().getHostName()).isNotEmpty();
        assertThat(description.getCollectorsList()).extracting(CollectorInfo::getName).contains("intel-gpu", "jetson");
        assertThat(description.getCollectors(0).getRole()).isEqualTo("primary");
        assertThat(description.getCollectorsList()).filteredOn(collector -> collector.getName().equals("jetson"))
                .singleElement().satisfies(jetson -> {
                    assertThat(jetson.getRole()).isEqualTo("refused");
                    assertThat(jetson.getReason()).contains("INA3221");
                });
        assertThat(description.getDevicesList()).extracting(DeviceReading::getPlatform).contains("intel-gpu");
        assertThat(description.getIntervalMs()).isEqualTo(20);
        assertThat(description.getVersion()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(description.getOwnCost().getUptimeSeconds()).isPositive();
        assertThat(description.getOwnCost().getCpuSeconds()).isPositive();
        assertThat(description.getOwnCost().getResidentMb()).isBetween(10.0, 1000.0);
        assertThat(description.getOwnCost().getSweepMedianMs()).isPositive();
        assertThat(description.getOwnCost().getSweepWorstMs())
                .isGreaterThanOrEqualTo(description.getOwnCost().getSweepMedianMs());
    }
}
