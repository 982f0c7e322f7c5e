package telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.GpuInfo;
import collectors.host.HostInfo;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import energy.TelemetryReading;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.Totals;

class ReadingEncoderTest {

    private static final HostInfo HOST = new HostInfo("Debian GNU/Linux", "12", "6.1", "host", 8, "A CPU");
    private static final Set<Integer> DOUBLES = Set.of(1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17);

    @Test
    void everyFieldIsOnTheWireAlsoWhenItIsUnavailable() throws Exception {
        Totals totals = new Totals();
        totals.sum(List.of());
        AuxiliaryTotals auxiliary = new AuxiliaryTotals();
        auxiliary.sum(List.of());
        byte[] message = new ReadingEncoder("null", HOST, GpuInfo.NONE).encode(totals, auxiliary, -1, 0);

        Set<Integer> seen = new TreeSet<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            assertThat(seen.add(number)).as("field " + number + " once").isTrue();
            if (DOUBLES.contains(number)) {
                assertThat(in.readDouble()).as("field " + number).isEqualTo(-1.0);
            } else {
                in.skipField(tag);
            }
        }
        assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
    }

    @Test
    void whatIsEncodedIsWhatTheGeneratedClassReads() throws Exception {
        Totals totals = new Totals();
        totals.powerWatts = 0;
        totals.energyJoules = 2.5;
        totals.temperatureCelsius = 3;
        totals.memoryUsedMb = 4;
        totals.memoryTotalMb = 17;
        totals.utilizationPercent = 14;
        totals.memoryUtilizationPercent = 15;
        totals.tensorActivityPercent = 16;
        AuxiliaryTotals auxiliary = new AuxiliaryTotals();
        auxiliary.cpuPowerWatts = 10;
        auxiliary.cpuEnergyJoules = 11;
        auxiliary.neuralEnginePowerWatts = 12;
        auxiliary.neuralEngineEnergyJoules = 13;
        GpuInfo gpu = GpuInfo.of(List.of("A GPU", "A GPU"), "AMD", "AMDSMI");
        TelemetryReading reading = TelemetryReading.parseFrom(
                new ReadingEncoder("amd", HOST, gpu).encode(totals, auxiliary, 5, 1_700_000_000_123_456_789L));

        assertThat(reading.getPowerWatts()).isZero();
        assertThat(reading.getEnergyJoules()).isEqualTo(2.5);
        assertThat(reading.getTemperatureCelsius()).isEqualTo(3);
        assertThat(reading.getGpuMemoryUsageMb()).isEqualTo(4);
        assertThat(reading.getCpuMemoryUsageMb()).isEqualTo(5);
        assertThat(reading.getPlatform()).isEqualTo("amd");
        assertThat(reading.getTimestampNanos()).isEqualTo(1_700_000_000_123_456_789L);
        assertThat(reading.getSystemInfo().getOsName()).isEqualTo("Debian GNU/Linux");
        assertThat(reading.getSystemInfo().getCpuCount()).isEqualTo(8);
        assertThat(reading.getSystemInfo().getCpuBrand()).isEqualTo("A CPU");
        assertThat(reading.getGpuInfo().getName()).isEqualTo("A GPU x2");
        assertThat(reading.getGpuInfo().getVendor()).isEqualTo("AMD");
        assertThat(reading.getGpuInfo().getDeviceType()).isEqualTo("GPU");
        assertThat(reading.getCpuPowerWatts()).isEqualTo(10);
        assertThat(reading.getCpuEnergyJoules()).isEqualTo(11);
        assertThat(reading.getAnePowerWatts()).isEqualTo(12);
        assertThat(reading.getAneEnergyJoules()).isEqualTo(13);
        assertThat(reading.getGpuComputeUtilizationPct()).isEqualTo(14);
        assertThat(reading.getGpuMemoryBandwidthUtilizationPct()).isEqualTo(15);
        assertThat(reading.getGpuTensorCoreUtilizationPct()).isEqualTo(16);
        assertThat(reading.getGpuMemoryTotalMb()).isEqualTo(17);
        assertThat(reading.getUnknownFields().asMap()).isEmpty();
    }
}
