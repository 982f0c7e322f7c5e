package telemetry.wire;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceSample;
import com.google.protobuf.CodedOutputStream;
import energy.DeviceReading;
import energy.EnergySource;
import energy.TelemetryReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import telemetry.accounting.EnergyMeter;
import telemetry.sampling.CollectorSlot;

/** Writes what a reading tells beyond its top level: every device on its own. For those who ask. */
public final class DetailsEncoder {

    private DetailsEncoder() {
    }

    /** Fields 100 to 103 of a {@code TelemetryReading}, to be appended to the message that has the others. */
    public static byte[] encode(List<CollectorSlot> slots, long sequence, double intervalMillis, double sweepMillis) {
        return TelemetryReading.newBuilder()
                .addAllDevices(devices(slots))
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

    /** What each device said last, the primary collector's first. */
    public static List<DeviceReading> devices(List<CollectorSlot> slots) {
        return slots.stream().flatMap(slot -> IntStream.range(0, slot.devices().size())
                .mapToObj(i -> device(slot, i))).toList();
    }

    private static DeviceReading device(CollectorSlot slot, int index) {
        DeviceSample device = slot.devices().get(index);
        EnergyMeter meter = slot.meters().get(index);
        DeviceReading.Builder reading = DeviceReading.newBuilder()
                .setId(device.id)
                .setIndex(index)
                .setKind(lowerCase(device.kind))
                .setName(device.name)
                .setPlatform(slot.collector().platform())
                .setAccounting(lowerCase(device.accounting))
                .setEnergyJoules(meter.isAnswering() ? meter.joules() : UNAVAILABLE)
                .setEnergySource(source(meter));
        String problem = slot.failure() != null ? slot.failure() : slot.problem(index);
        if (problem != null) {
            reading.setProblem(problem);
        }
        if (slot.failure() != null) {
            return reading.setPowerWatts(UNAVAILABLE).setTemperatureCelsius(UNAVAILABLE)
                    .setMemoryUsedMb(UNAVAILABLE).setMemoryTotalMb(UNAVAILABLE)
                    .setUtilizationPercent(UNAVAILABLE).setPowerLimitWatts(UNAVAILABLE).build();
        }
        return reading.setPowerWatts(meter.powerWatts()).setTemperatureCelsius(device.temperatureCelsius)
                .setMemoryUsedMb(device.memoryUsedMb).setMemoryTotalMb(device.memoryTotalMb)
                .setUtilizationPercent(device.utilizationPercent).setPowerLimitWatts(device.powerLimitWatts).build();
    }

    private static EnergySource source(EnergyMeter meter) {
        return switch (meter.source()) {
            case UNAVAILABLE -> EnergySource.ENERGY_SOURCE_UNAVAILABLE;
            case COUNTER -> EnergySource.ENERGY_SOURCE_COUNTER;
            case INTEGRATED -> EnergySource.ENERGY_SOURCE_INTEGRATED;
        };
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
