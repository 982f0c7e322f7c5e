package cli.readings;

import cli.options.SensorOptions;
import cli.options.UserError;
import collectors.CollectorUnavailableException;
import collectors.registry.CollectorRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import energy.DescribeResponse;
import energy.EnergyResponse;
import energy.TelemetryReading;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import telemetry.intervals.EnergyRequestException;
import telemetry.sampling.Broadcast;
import telemetry.sampling.Sensors;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** This machine's own sensors, measured by this process. */
final class LocalTelemetry implements Telemetry {

    /** An answer waits some seconds for the devices; one that takes longer will not come. */
    private static final long ENERGY_TIMEOUT_SECONDS = 10;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "readings");
        thread.setDaemon(true);
        return thread;
    });
    private final Broadcast broadcast = new Broadcast();
    private final Sensors sensors;

    /**
     * Opens the sensors and begins to sample.
     *
     * @throws UserError when the collector that was asked for cannot work here
     */
    LocalTelemetry(Sensors.Settings settings) throws UserError, InterruptedException {
        sensors = new Sensors(settings, CollectorRegistry.standard());
        try {
            sensors.start(broadcast, executor);
        } catch (CollectorUnavailableException e) {
            throw SensorOptions.cannotWork(settings.collector(), e);
        }
    }

    @Override
    public DescribeResponse describe() {
        return sensors.describe().join();
    }

    @Override
    public long mark() {
        return sensors.mark().join();
    }

    @Override
    public EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException {
        try {
            return sensors.energy(fromNanos, toNanos).get(ENERGY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UserError("no energy was computed within " + ENERGY_TIMEOUT_SECONDS + " s: the machine is busy");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EnergyRequestException refused) {
                throw new UserError(refused.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void stream(long intervalMillis, Listener listener) {
        broadcast.subscribe(new Broadcast.Subscriber() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void send(Reading reading, long dropped) {
                listener.take(parse(reading, dropped), reading.sampledNanos());
            }

            @Override
            public void complete() {
                // Only close() ends this stream.
            }
        }, true, TimeUnit.MILLISECONDS.toNanos(intervalMillis)).start();
    }

    @Override
    public void close() {
        sensors.close();
        broadcast.complete();
        executor.shutdownNow();
    }

    private static TelemetryReading parse(Reading reading, long dropped) {
        try {
            return TelemetryReading.parseFrom(DetailsEncoder.append(reading, dropped));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }
}
