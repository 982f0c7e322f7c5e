package telemetry.wire;

import collectors.GpuInfo;
import collectors.host.HostInfo;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.Totals;

/**
 * Writes {@code TelemetryReading} messages. All of a message but its numbers is the same from reading to reading and
 * is encoded once. Only the generated field numbers are used, not the generated classes, whose loading would delay
 * the start. Zeros are written too; to proto3 an absent number reads the same.
 */
public final class ReadingEncoder {

    /** More than the numbers of a reading can take: 14 doubles of at most 10 bytes and the time. */
    private static final int NUMBERS_BYTES = 160;

    private final byte[] constants;
    private final byte[] scratch;

    public ReadingEncoder(String platform, HostInfo host, GpuInfo gpu) {
        constants = encode(out -> {
            out.writeString(TelemetryReading.PLATFORM_FIELD_NUMBER, platform);
            out.writeBytes(TelemetryReading.SYSTEM_INFO_FIELD_NUMBER, systemInfo(host));
            out.writeBytes(TelemetryReading.GPU_INFO_FIELD_NUMBER, gpuInfo(gpu));
        });
        scratch = new byte[NUMBERS_BYTES + constants.length];
    }

    /** A whole message, as the wire wants it. */
    public byte[] encode(Totals totals, AuxiliaryTotals auxiliary, double hostMemoryUsedMb, long unixNanos) {
        CodedOutputStream out = CodedOutputStream.newInstance(scratch);
        try {
            out.writeDouble(TelemetryReading.POWER_WATTS_FIELD_NUMBER, totals.powerWatts);
            out.writeDouble(TelemetryReading.ENERGY_JOULES_FIELD_NUMBER, totals.energyJoules);
            out.writeDouble(TelemetryReading.TEMPERATURE_CELSIUS_FIELD_NUMBER, totals.temperatureCelsius);
            out.writeDouble(TelemetryReading.GPU_MEMORY_USAGE_MB_FIELD_NUMBER, totals.memoryUsedMb);
            out.writeDouble(TelemetryReading.CPU_MEMORY_USAGE_MB_FIELD_NUMBER, hostMemoryUsedMb);
            out.writeInt64(TelemetryReading.TIMESTAMP_NANOS_FIELD_NUMBER, unixNanos);
            out.writeRawBytes(constants);
            out.writeDouble(TelemetryReading.CPU_POWER_WATTS_FIELD_NUMBER, auxiliary.cpuPowerWatts);
            out.writeDouble(TelemetryReading.CPU_ENERGY_JOULES_FIELD_NUMBER, auxiliary.cpuEnergyJoules);
            out.writeDouble(TelemetryReading.ANE_POWER_WATTS_FIELD_NUMBER, auxiliary.neuralEnginePowerWatts);
            out.writeDouble(TelemetryReading.ANE_ENERGY_JOULES_FIELD_NUMBER, auxiliary.neuralEngineEnergyJoules);
            out.writeDouble(TelemetryReading.GPU_COMPUTE_UTILIZATION_PCT_FIELD_NUMBER, totals.utilizationPercent);
            out.writeDouble(TelemetryReading.GPU_MEMORY_BANDWIDTH_UTILIZATION_PCT_FIELD_NUMBER,
                    totals.memoryUtilizationPercent);
            out.writeDouble(TelemetryReading.GPU_TENSOR_CORE_UTILIZATION_PCT_FIELD_NUMBER,
                    totals.tensorActivityPercent);
            out.writeDouble(TelemetryReading.GPU_MEMORY_TOTAL_MB_FIELD_NUMBER, totals.memoryTotalMb);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the scratch array is large enough
        }
        return Arrays.copyOf(scratch, out.getTotalBytesWritten());
    }

    /** A {@code SystemInfo} message. */
    public static ByteString systemInfo(HostInfo host) {
        return ByteString.copyFrom(encode(out -> {
            out.writeString(SystemInfo.OS_NAME_FIELD_NUMBER, host.osName());
            out.writeString(SystemInfo.OS_VERSION_FIELD_NUMBER, host.osVersion());
            out.writeString(SystemInfo.KERNEL_VERSION_FIELD_NUMBER, host.kernelVersion());
            out.writeString(SystemInfo.HOST_NAME_FIELD_NUMBER, host.hostName());
            out.writeUInt32(SystemInfo.CPU_COUNT_FIELD_NUMBER, host.cpuCount());
            out.writeString(SystemInfo.CPU_BRAND_FIELD_NUMBER, host.cpuBrand());
        }));
    }

    private static ByteString gpuInfo(GpuInfo gpu) {
        return ByteString.copyFrom(encode(out -> {
            out.writeString(energy.GpuInfo.NAME_FIELD_NUMBER, gpu.name());
            out.writeString(energy.GpuInfo.VENDOR_FIELD_NUMBER, gpu.vendor());
            out.writeUInt64(energy.GpuInfo.DEVICE_ID_FIELD_NUMBER, gpu.deviceId());
            out.writeString(energy.GpuInfo.DEVICE_TYPE_FIELD_NUMBER, gpu.deviceType());
            out.writeString(energy.GpuInfo.BACKEND_FIELD_NUMBER, gpu.backend());
        }));
    }

    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] encode(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array does not fail
        }
        return bytes.toByteString().toByteArray();
    }
}
