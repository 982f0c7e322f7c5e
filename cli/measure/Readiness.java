package cli.measure;

import cli.options.UserError;
import cli.readings.MachineTotal;
import cli.readings.Telemetry;
import collectors.registry.CollectorRegistry;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.TelemetryReading;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Listens to the readings, and waits for the moment at which an interval may begin. */
final class Readiness implements Telemetry.Listener {

    private static final long FIRST_READING_TIMEOUT_MILLIS = 15_000;
    /** A counter that does not move for 5 s is taken to stand still; until then it may be a slow one. */
    private static final long MIN_READY_TIMEOUT_MILLIS = 10_000;
    /** A counter has moved when the reading after the next one is there. */
    private static final double READY_INTERVALS = 2.5;
    private static final double ANSWER_INTERVALS = 1.5;
    /** A driver that has just been opened, on a machine that is busy, may need some seconds. */
    private static final long MIN_ANSWER_TIMEOUT_MILLIS = 5000;
    private static final long STEADY_TIMEOUT_SECONDS = 60;
    private static final long NOTICE_MILLIS = 1000;
    /** A GPU that rests is busy for less than that percentage of the time. */
    private static final double BUSY_PERCENT = 5;

    private static final int MAX_NAMES = 3;

    private final Telemetry telemetry;
    /** Those of the collectors that measure something. */
    private final Set<String> platforms;
    private final long streamMillis;
    private final long readyTimeoutMillis;
    private final Consumer<String> notices;
    private final Steadiness steadiness = new Steadiness();
    private TelemetryReading latest;
    private String lost;

    /**
     * Begins to listen.
     *
     * @param described          what is measured: who is to be waited for
     * @param streamMillis       the interval to ask for; 0 for every reading
     * @param readyTimeoutMillis how long to wait for a device, see {@link #readyTimeoutMillis}
     */
    Readiness(Telemetry telemetry, DescribeResponse described, long streamMillis, long readyTimeoutMillis,
              Consumer<String> notices) {
        this.telemetry = telemetry;
        Stream<String> all = described.getSelected()
                ? described.getDevicesList().stream().map(DeviceReading::getPlatform)
                : described.getCollectorsList().stream().map(CollectorInfo::getPlatform);
        this.platforms = all.filter(platform -> !platform.isEmpty() && !platform.equals(CollectorRegistry.NONE))
                .collect(Collectors.toSet());
        this.streamMillis = streamMillis;
        this.readyTimeoutMillis = readyTimeoutMillis;
        this.notices = notices;
        telemetry.stream(streamMillis, this);
    }

    /** How long to wait for a device whose readings come at that interval. */
    static long readyTimeoutMillis(long intervalMillis) {
        return Math.max(MIN_READY_TIMEOUT_MILLIS, (long) (READY_INTERVALS * intervalMillis));
    }

    @Override
    public synchronized void take(TelemetryReading reading, long nanoTime) {
        latest = reading;
        steadiness.add(nanoTime, MachineTotal.of(reading).getPowerWatts());
        notifyAll();
    }

    @Override
    public synchronized void lost(String reason) {
        lost = reason;
        notifyAll();
    }

    /**
     * Waits until every device can be measured exactly, or for some seconds. Listens anew where the stream was lost.
     *
     * @throws UserError when no reading comes, or it has neither power nor energy
     */
    synchronized void await() throws UserError, InterruptedException {
        if (lost != null) {
            lost = null;
            latest = null;
            telemetry.stream(streamMillis, this);
        }
        // One that was made before anybody asked for the devices has none.
        long firstTimeoutMillis = Math.max(FIRST_READING_TIMEOUT_MILLIS, readyTimeoutMillis);
        if (!awaitTelling(TelemetryReading::hasDetails, firstTimeoutMillis, "for a first reading")) {
            throw new UserError("no reading came within " + TimeUnit.MILLISECONDS.toSeconds(firstTimeoutMillis)
                    + " s: the sensors hang");
        }
        // Collectors may answer for the first time after the first reading.
        long answerMillis = Math.max(MIN_ANSWER_TIMEOUT_MILLIS,
                NOTICE_MILLIS + (long) (ANSWER_INTERVALS * latest.getDetails().getIntervalMs()));
        if (platforms.isEmpty() || !awaitTelling(Readiness::isPowered, answerMillis, "for the sensors to answer")
                && !(isOnlyMetered(latest)
                        && awaitTelling(Readiness::isPowered, readyTimeoutMillis, "for a meter to answer"))) {
            throw new UserError("neither power nor energy is measured here: 'energy-monitor doctor' tells why");
        }
        if (await(this::isReady, NOTICE_MILLIS) || pending(latest).isEmpty()) {
            return;
        }
        tellWait(readyTimeoutMillis, "until energy can be measured exactly: " + names(pending(latest)));
        if (!await(reading -> pending(reading).isEmpty(), readyTimeoutMillis - NOTICE_MILLIS)) {
            notices.accept("beginning all the same; less exact: " + names(pending(latest)));
        }
    }

    /** Waits until power varies little, or for a minute; no longer than what is to be measured is there. */
    void awaitSteady(BooleanSupplier ended) throws UserError, InterruptedException {
        if (!await(reading -> steadiness.isSteady() || ended.getAsBoolean(),
                TimeUnit.SECONDS.toMillis(STEADY_TIMEOUT_SECONDS))) {
            notices.accept("power still varies by more than " + Math.round(100 * Steadiness.MAX_VARIATION)
                    + " % after " + STEADY_TIMEOUT_SECONDS + " s: beginning all the same");
        }
    }

    /** Warns of GPUs that are at work before any command was started. */
    synchronized void warnOfBusyDevices() {
        List<DeviceReading> busy = latest.getDetails().getDevicesList().stream()
                .filter(device -> device.getInTotal() && device.getKind().equals("gpu")
                        && device.getUtilizationPercent() >= BUSY_PERCENT).toList();
        if (!busy.isEmpty()) {
            double most = busy.stream().mapToDouble(DeviceReading::getUtilizationPercent).max().orElseThrow();
            notices.accept("warning: other processes keep " + names(busy) + " busy (" + Math.round(most)
                    + " %): the joules will contain their work, too");
        }
    }

    private boolean awaitTelling(Predicate<TelemetryReading> condition, long timeoutMillis, String forWhat)
            throws UserError, InterruptedException {
        if (await(condition, Math.min(timeoutMillis, NOTICE_MILLIS))) {
            return true;
        }
        if (timeoutMillis >= 2 * NOTICE_MILLIS) { // a shorter rest is not worth a line
            tellWait(timeoutMillis, forWhat);
        }
        return await(condition, timeoutMillis - NOTICE_MILLIS);
    }

    private void tellWait(long timeoutMillis, String forWhat) {
        notices.accept("waiting up to " + TimeUnit.MILLISECONDS.toSeconds(timeoutMillis) + " s " + forWhat);
    }

    private synchronized boolean await(Predicate<TelemetryReading> condition, long timeoutMillis)
            throws UserError, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (latest == null || !condition.test(latest)) {
            if (lost != null) {
                throw new UserError(lost);
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    /** Whether every collector has answered, and every device can be measured exactly or says why not. */
    private boolean isReady(TelemetryReading reading) {
        List<DeviceReading> devices = reading.getDetails().getDevicesList();
        return devices.stream().map(DeviceReading::getPlatform).collect(Collectors.toSet()).containsAll(platforms)
                && devices.stream().allMatch(device -> device.getSettled() || device.getAsleep()
                        || !device.getProblem().isEmpty());
    }

    /** The devices that are worth a longer wait. */
    private static List<DeviceReading> pending(TelemetryReading reading) {
        return reading.getDetails().getDevicesList().stream()
                .filter(device -> !device.getSettled() && !device.getAsleep() && device.getProblem().isEmpty())
                .filter(Readiness::isPowered).toList();
    }

    /** Whether there is nothing but meters of the whole machine, which may be asked over a network. */
    private static boolean isOnlyMetered(TelemetryReading reading) {
        List<DeviceReading> devices = reading.getDetails().getDevicesList();
        return !devices.isEmpty() && devices.stream().allMatch(device -> isWholeMachine(device.getKind()));
    }

    /** Whether a device of that kind, as the wire has it, covers the machine as a whole. */
    static boolean isWholeMachine(String kind) {
        return kind.equals("machine") || kind.equals("outlet");
    }

    private static boolean isPowered(TelemetryReading reading) {
        return reading.getDetails().getDevicesList().stream().anyMatch(Readiness::isPowered);
    }

    private static boolean isPowered(DeviceReading device) {
        return device.getPowerWatts() >= 0 || device.getEnergyJoules() >= 0;
    }

    private static String names(List<DeviceReading> devices) {
        String names = devices.stream().limit(MAX_NAMES)
                .map(device -> device.getPlatform() + " " + device.getIndex()).collect(Collectors.joining(", "));
        return devices.size() <= MAX_NAMES ? names : names + " and " + (devices.size() - MAX_NAMES) + " more";
    }
}
