package telemetry.sampling;

import com.google.protobuf.InvalidProtocolBufferException;
import energy.TelemetryReading;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import telemetry.wire.Reading;

/** Keeps every reading that it gets. */
final class StoringSubscriber implements Broadcast.Subscriber {

    private final List<TelemetryReading> readings = new CopyOnWriteArrayList<>();

    List<TelemetryReading> readings() {
        return readings;
    }

    TelemetryReading last() {
        return readings.get(readings.size() - 1);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void send(Reading reading, long dropped) {
        try {
            readings.add(TelemetryReading.parseFrom(reading.message()));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void complete() {
        // what is kept stays
    }
}
