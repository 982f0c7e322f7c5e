package telemetry.intervals;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import telemetry.accounting.DeviceState;

/**
 * Tells what each second was like as soon as it is known: when the counters of all devices that answer have moved after
 * its end. Seconds are whole ones of the monitor's own clock, and meet without a gap, so that their joules add up. For
 * the thread that makes the readings; asks no sensor by itself.
 */
public final class PowerSeconds {

    private static final long MIN_PERIOD_NANOS = 1_000_000_000L;
    /** What a device has not told so long after a second's end is not waited for. */
    private static final long SETTLE_TIMEOUT_NANOS = 3_000_000_000L;
    /** After a longer time without a reading the seconds within are left out. */
    private static final int MAX_PENDING = 600;
    /** Told at once before other work of the thread has its turn. */
    private static final int MAX_TOLD_AT_ONCE = 20;

    /** A second that has ended, with what the devices told at its end; null where they told nothing then. */
    private record Ended(long nanos, List<PowerSecond.Device> then) {
    }

    private final List<DeviceState> devices;
    private final MonotonicClock clock;
    private final long periodNanos;
    private final Deque<Ended> pending = new ArrayDeque<>();
    private Consumer<PowerSecond> listener;
    private boolean begun;
    private long nextEndNanos;

    /** For a monitor with that interval; seconds are those of the clock. */
    public PowerSeconds(List<DeviceState> devices, MonotonicClock clock, long intervalNanos) {
        this.devices = devices;
        this.clock = clock;
        this.periodNanos = Math.max(MIN_PERIOD_NANOS, intervalNanos);
    }

    /** Whoever is to be told; null for nobody. */
    public void setListener(Consumer<PowerSecond> listener) {
        this.listener = listener;
    }

    /**
     * The whole interval of the clock that is nearest to a moment: looks that are as far apart as the seconds tell most of
     * them at their ends. The moment itself where nobody is to be told, or looks come more often.
     */
    public long nearestWhole(long nanos, long intervalNanos) {
        if (listener == null || intervalNanos < MIN_PERIOD_NANOS) {
            return nanos;
        }
        return nanos + intervalNanos / 2 - Math.floorMod(clock.unixNanos(nanos) + intervalNanos / 2, intervalNanos);
    }

    /** Tells what is known by now: to be called after every reading. */
    public void look(long nowNanos) {
        if (listener == null) {
            return;
        }
        if (!begun || nowNanos - nextEndNanos > MAX_PENDING * periodNanos) {
            begun = true;
            pending.clear();
            long sincePeriodBegan = Math.floorMod(clock.unixNanos(nowNanos), periodNanos);
            nextEndNanos = nowNanos - sincePeriodBegan + 2 * periodNanos; // the first whole one from here on
        }
        for (; nowNanos - nextEndNanos >= 0; nextEndNanos += periodNanos) {
            boolean fresh = nowNanos - nextEndNanos < 1.5 * periodNanos;
            pending.add(new Ended(nextEndNanos, fresh ? devicesNow() : null));
        }
        for (int i = 0; i < MAX_TOLD_AT_ONCE && !pending.isEmpty() && isDue(pending.peek().nanos, nowNanos); i++) {
            listener.accept(second(pending.remove()));
        }
    }

    private boolean isDue(long endNanos, long nowNanos) {
        if (nowNanos - endNanos >= SETTLE_TIMEOUT_NANOS) {
            return true;
        }
        for (DeviceState device : devices) {
            if (!EnergyQueries.isLate(device) && isAwaited(device, endNanos - periodNanos)
                    && !EnergyQueries.isSettled(device, endNanos)) {
                return false;
            }
        }
        return true;
    }

    /** One that is merely late is waited for; of a time in which it told nothing there is nothing to come. */
    private static boolean isAwaited(DeviceState device, long beginNanos) {
        return device.answering || device.timeline.hasToldSince(beginNanos);
    }

    private List<PowerSecond.Device> devicesNow() {
        List<PowerSecond.Device> now = new ArrayList<>(devices.size());
        for (DeviceState device : devices) {
            now.add(new PowerSecond.Device(device.platform, device.index, device.sample.id, UNAVAILABLE, device.problem,
                    device.sample.utilizationPercent, device.sample.memoryUsedMb));
        }
        return now;
    }

    private PowerSecond second(Ended ended) {
        List<PowerSecond.Device> parts = new ArrayList<>(devices.size());
        double total = 0;
        boolean any = false;
        String problem = null;
        for (int i = 0; i < devices.size(); i++) {
            DeviceState device = devices.get(i);
            PowerSecond.Device part = part(device, ended, i);
            parts.add(part);
            if (device.inTotal) {
                any = true;
                total += part.watts();
                if (problem == null && !isAvailable(part.watts())) {
                    problem = device.label() + ": " + part.problem();
                }
            }
        }
        if (!any) {
            problem = "nothing is measured here";
        }
        return new PowerSecond(clock.unixNanos(ended.nanos - periodNanos), clock.unixNanos(ended.nanos),
                problem == null ? total : UNAVAILABLE, problem, parts);
    }

    private PowerSecond.Device part(DeviceState device, Ended ended, int at) {
        PowerSecond.Device then = ended.then != null && at < ended.then.size() ? ended.then.get(at) : null;
        if (then != null && !(then.id().equals(device.sample.id) && then.platform().equals(device.platform))) {
            then = null; // another device has come since
        }
        long begin = ended.nanos - periodNanos;
        boolean silent = !EnergyQueries.isRare(device) && !device.timeline.hasToldSince(ended.nanos);
        double watts = silent ? UNAVAILABLE : device.timeline.meanWatts(begin, ended.nanos);
        String problem = null;
        if (!isAvailable(watts)) {
            problem = then != null && then.problem() != null ? then.problem()
                    : silent && device.problem != null ? device.problem
                    : device.timeline.between(begin, ended.nanos).problem();
            // What is known of the joules is not known to be of this second, or the device's thread has just added it.
            problem = problem != null ? problem : silent ? "it has told nothing since"
                    : "what it told is too far apart to tell this second from the others";
        }
        return new PowerSecond.Device(device.platform, device.index, device.sample.id, watts, problem,
                then == null ? UNAVAILABLE : then.utilizationPercent(), then == null ? UNAVAILABLE : then.memoryUsedMb());
    }
}
