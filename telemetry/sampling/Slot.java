package telemetry.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MeteredDevice;

/** A collector's loop with the states of its devices at the latest reading; belongs to the thread that makes those. */
final class Slot {

    private static final Logger LOG = Logger.getLogger(Slot.class.getName());

    private static final long TOLD_AFTER_NANOS = 500_000_000L;

    final CollectorLoop loop;
    final List<DeviceState> states = new ArrayList<>();
    private final boolean primary;
    private boolean overdue;
    private long overdueNanos;
    private boolean told;

    Slot(CollectorLoop loop, boolean primary) {
        this.loop = loop;
        this.primary = primary;
    }

    /**
     * Refills the states.
     *
     * @param pace by which the collector is asked; null when it is asked here and now
     * @return whether there are devices that were not known before
     */
    boolean refill(Pace pace, long nowNanos) {
        MeteredDevice[] devices = loop.devices();
        int known = states.size();
        for (int i = known; i < devices.length; i++) {
            states.add(new DeviceState(loop.collector().platform(), primary, i, devices[i]));
        }
        String silence = pace == null ? null : loop.silence(nowNanos, pace.originNanos(), pace.intervalNanos());
        tellOverdue(silence == CollectorLoop.NO_ANSWER, nowNanos);
        for (int i = 0; i < states.size(); i++) {
            devices[i].fill(states.get(i), nowNanos);
            if (silence != null) {
                states.get(i).silence(silence);
            }
        }
        return states.size() > known;
    }

    /** Whether the states are of all devices that the collector has told of. */
    boolean isKnown() {
        return states.size() == loop.devices().length;
    }

    /** Not worth a line in the log unless it lasts: on a busy machine a thread may be late. */
    private void tellOverdue(boolean isOverdue, long nowNanos) {
        if (!isOverdue) {
            overdue = false;
            if (told) {
                told = false;
                LOG.info(loop.collector().platform() + " answers again");
            }
        } else if (!overdue) {
            overdue = true;
            overdueNanos = nowNanos;
        } else if (!told && nowNanos - overdueNanos > TOLD_AFTER_NANOS) {
            told = true;
            LOG.warning(loop.collector().platform() + " does not answer: its values are unavailable until it does");
        }
    }
}
