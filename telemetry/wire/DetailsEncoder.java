package telemetry.wire;

import collectors.DeviceSample;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import energy.DeviceReading;
import energy.EnergySource;
import energy.ReadingDetails;
import energy.TelemetryReading;
import energy.TotalReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;

/** Writes what a reading tells beyond its top level: every device on its own. For those who ask. */
public final class DetailsEncoder {

    private DetailsEncoder() {
    }

    /** Field 100 of a {@code TelemetryReading}, to be appended to the message that has the others. */
    public static byte[] encode(List<DeviceState> devices, MachineTotal total, long sequence, double intervalMillis,
                                double sweepMillis) {
        return encode(devices, device -> device.inTotal, total, sequence, intervalMillis, sweepMillis);
    }

    /** The same where other devices belong to the total than those that are marked. */
    public static byte[] encode(List<DeviceState> devices, Predicate<DeviceState> inTotal, MachineTotal total,
                                long sequence, double intervalMillis, double sweepMillis) {
        return TelemetryReading.newBuilder().setDetails(ReadingDetails.newBuilder()
                .addAllDevices(devices.stream().map(device -> device(device, inTotal.test(device))).toList())
                .setSequence(sequence)
                .setIntervalMs(intervalMillis)
                .setSweepMs(sweepMillis)
                .setTotal(TotalReading.newBuilder()
                        .setPowerWatts(total.powerWatts)
                        .setEnergyJoules(total.energyJoules)
                        .setProblem(total.problem == null ? "" : total.problem)))
                .build().toByteArray();
    }

    /**
     * A whole message: the reading with its details and the number of readings that this client has missed. That one
     * stands in a second field 100: parsers merge the two.
     */
    public static byte[] append(Reading reading, long dropped) {
        int inner = dropped == 0 ? 0
                : CodedOutputStream.computeUInt64Size(ReadingDetails.DROPPED_READINGS_FIELD_NUMBER, dropped);
        int outer = inner == 0 ? 0 : CodedOutputStream.computeTagSize(TelemetryReading.DETAILS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(inner) + inner;
        byte[] message = new byte[reading.message().length + reading.details().length + outer];
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        try {
            out.writeRawBytes(reading.message());
            out.writeRawBytes(reading.details());
            if (inner > 0) {
                out.writeTag(TelemetryReading.DETAILS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(inner);
                out.writeUInt64(ReadingDetails.DROPPED_READINGS_FIELD_NUMBER, dropped);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the array is large enough
        }
        return message;
    }

    private static DeviceReading device(DeviceState state, boolean inTotal) {
        DeviceSample device = state.sample;
        return DeviceReading.newBuilder()
                .setId(device.id)
                .setIndex(state.index)
                .setKind(lowerCase(device.kind))
                .setName(device.name)
                .setPlatform(state.platform)
                .setAccounting(lowerCase(device.accounting))
                .setPowerWatts(state.powerWatts)
                .setEnergyJoules(state.energyJoules)
                .setEnergySource(source(state.source))
                .setTemperatureCelsius(device.temperatureCelsius)
                .setMemoryUsedMb(device.memoryUsedMb)
                .setMemoryTotalMb(device.memoryTotalMb)
                .setUtilizationPercent(device.utilizationPercent)
                .setPowerLimitWatts(device.powerLimitWatts)
                .setMemoryUtilizationPercent(device.memoryUtilizationPercent)
                .setSmActivityPercent(device.smActivityPercent)
                .setTensorActivityPercent(device.tensorActivityPercent)
                .setDramActivityPercent(device.dramActivityPercent)
                .setAsleep(device.asleep)
                .setPowerAgeSeconds(state.powerAgeSeconds)
                .setInTotal(inTotal)
                .setSettled(state.settled)
                .setProblem(state.problem == null ? "" : state.problem)
                .build();
    }

    /** As the wire has it. */
    public static EnergySource source(telemetry.accounting.EnergySource source) {
        return switch (source) {
            case UNAVAILABLE -> EnergySource.ENERGY_SOURCE_UNAVAILABLE;
            case COUNTER -> EnergySource.ENERGY_SOURCE_COUNTER;
            case INTEGRATED -> EnergySource.ENERGY_SOURCE_INTEGRATED;
        };
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
