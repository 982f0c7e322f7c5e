package cli.measure;

import cli.options.UserError;
import cli.readings.Telemetry;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceEnergy;
import energy.DeviceReading;
import energy.EnergyResponse;
import energy.EnergySource;
import energy.IntervalEnergy;
import energy.ReadingDetails;
import energy.SystemInfo;
import energy.TelemetryReading;
import energy.TotalReading;
import java.util.ArrayList;
import java.util.List;

/** A monitor whose only GPU draws 100 W; the test says when it answers, and what it has settled. */
class FakeTelemetry implements Telemetry {

    static final double WATTS = 100;

    /** The intervals that were asked for, each with its two moments. */
    final List<long[]> asked = new ArrayList<>();
    volatile Listener listener;
    volatile int streams;
    /** Why it does not answer; null when it does. */
    volatile String failure;
    volatile boolean settled = true;

    @Override
    public DescribeResponse describe() {
        return DescribeResponse.newBuilder().setVersion("9.9").setIntervalMs(50)
                .setSystemInfo(SystemInfo.newBuilder().setHostName("box"))
                .addCollectors(CollectorInfo.newBuilder().setPlatform("fake").setRole("primary")).build();
    }

    @Override
    public long mark() throws UserError {
        answerOrFail();
        return System.nanoTime();
    }

    @Override
    public synchronized EnergyResponse energy(long fromNanos, long toNanos) throws UserError, InterruptedException {
        answerOrFail();
        asked.add(new long[] {fromNanos, toNanos});
        double seconds = (toNanos - fromNanos) / 1e9;
        IntervalEnergy energy = interval(WATTS * seconds, 1);
        return response(fromNanos, toNanos, energy, energy).toBuilder().setSettled(settled).build();
    }

    @Override
    public void stream(long intervalMillis, Listener listener) {
        streams++;
        this.listener = listener;
    }

    @Override
    public void close() {
        listener = null;
    }

    /** Gives the listener a reading. */
    void send(boolean deviceIsSettled, double utilizationPercent) {
        listener.take(TelemetryReading.newBuilder().setDetails(ReadingDetails.newBuilder()
                .setTotal(TotalReading.newBuilder().setPowerWatts(WATTS))
                .addDevices(DeviceReading.newBuilder().setPlatform("fake").setId("gpu-0").setName("Fake").setKind("gpu")
                        .setInTotal(true).setPowerWatts(WATTS).setEnergyJoules(1).setSettled(deviceIsSettled)
                        .setUtilizationPercent(utilizationPercent))).build(), System.nanoTime());
    }

    static EnergyResponse response(long fromNanos, long toNanos, IntervalEnergy total, IntervalEnergy device) {
        return EnergyResponse.newBuilder().setFromNanos(fromNanos).setToNanos(toNanos)
                .setSeconds((toNanos - fromNanos) / 1e9).setSettled(true).setTotal(total)
                .addDevices(DeviceEnergy.newBuilder().setPlatform("fake").setId("gpu-0").setName("Fake").setKind("gpu")
                        .setInTotal(true).setEnergy(device)).build();
    }

    /** So many joules, 10 less at least and 10 more at most, at 100 W. */
    static IntervalEnergy interval(double joules, double uncertainty) {
        return IntervalEnergy.newBuilder().setJoules(joules).setUncertaintyJoules(uncertainty)
                .setLeastJoules(joules - 10).setMostJoules(joules + 10).setMeanWatts(WATTS).setPeakWatts(WATTS)
                .setSource(EnergySource.ENERGY_SOURCE_COUNTER).setCoverage(1).setValid(true).build();
    }

    static IntervalEnergy unavailable(String problem) {
        return IntervalEnergy.newBuilder().setJoules(-1).setUncertaintyJoules(-1).setLeastJoules(-1).setMostJoules(-1)
                .setMeanWatts(-1).setPeakWatts(-1).setProblem(problem).build();
    }

    private void answerOrFail() throws UserError {
        if (failure != null) {
            throw new UserError(failure);
        }
    }
}
