package telemetry.wire;

import collectors.DeviceSample;
import com.google.protobuf.CodedOutputStream;
import energy.DeviceReading;
import energy.EnergySource;
import energy.TelemetryReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import telemetry.accounting.DeviceState;

/** Writes what a reading tells beyond its top level: every device on its own. For those who ask. */
public final class DetailsEncoder {

    private DetailsEncoder() {
    }

    /** Fields 100 to 103 of a {@code TelemetryReading}, to be appended to the message that has the others. */
    public static byte[] encode(List<DeviceState> devices, long sequence, double intervalMillis, double sweepMillis) {
        return TelemetryReading.newBuilder()
                .addAllDevices(devices.stream().map(DetailsEncoder::device).toList())
                .setSequence(sequence)
                .setIntervalMs(intervalMillis)
                .setSweepMs(sweepMillis)
                .build().toByteArray();
    }

    /** A whole message: the reading with its details and the number of readings that this client has missed. */
    public static byte[] append(Reading reading, long dropped) {
        int length = reading.message().length + reading.details().length
                + CodedOutputStream.computeUInt64Size(TelemetryReading.DROPPED_READINGS_FIELD_NUMBER, dropped);
        byte[] message = new byte[length];
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        try {
            out.writeRawBytes(reading.message());
            out.writeRawBytes(reading.details());
            out.writeUInt64(TelemetryReading.DROPPED_READINGS_FIELD_NUMBER, dropped);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the array is large enough
        }
        return message;
    }

    private static DeviceReading device(DeviceState state) {
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
                .setEnergySource(source(state))
                .setTemperatureCelsius(device.temperatureCelsius)
                .setMemoryUsedMb(device.memoryUsedMb)
                .setMemoryTotalMb(device.memoryTotalMb)
                .setUtilizationPercent(device.utilizationPercent)
                .setPowerLimitWatts(device.powerLimitWatts)
                .setProblem(state.problem == null ? "" : state.problem)
                .build();
    }

    private static EnergySource source(DeviceState state) {
        return switch (state.source) {
            case UNAVAILABLE -> EnergySource.ENERGY_SOURCE_UNAVAILABLE;
            case COUNTER -> EnergySource.ENERGY_SOURCE_COUNTER;
            case INTEGRATED -> EnergySource.ENERGY_SOURCE_INTEGRATED;
        };
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
