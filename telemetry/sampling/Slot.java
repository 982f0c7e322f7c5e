package telemetry.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MeteredDevice;

/** A collector's loop with the states of its devices at the latest reading; belongs to the thread that makes those. */
final class Slot {

    private static final Logger LOG = Logger.getLogger(Slot.class.getName());

    final CollectorLoop loop;
    final List<DeviceState> states = new ArrayList<>();
    private final boolean primary;
    private boolean overdue;

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
        tellOverdue(silence == CollectorLoop.NO_ANSWER);
        for (int i = 0; i < states.size(); i++) {
            devices[i].fill(states.get(i), nowNanos);
            if (silence != null) {
                states.get(i).silence(silence);
            }
        }
        return states.size() > known;
    }

    private void tellOverdue(boolean isOverdue) {
        if (isOverdue != overdue) {
            overdue = isOverdue;
            String who = loop.collector().platform();
            if (isOverdue) {
                LOG.warning(who + " does not answer: its values are unavailable until it does");
            } else {
                LOG.info(who + " answers again");
            }
        }
    }
}
