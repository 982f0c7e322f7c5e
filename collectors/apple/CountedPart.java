package collectors.apple;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;
import collectors.Units;
import java.util.List;

/**
 * A part of the chip that one or several channels count. Channels are published in batches up to 2.2 s apart, those of
 * two dies some milliseconds after each other; the part moves when all of them have been published. Its power is the
 * mean between the latest two publications, by the timestamps of the driver where it gives any. Its counter goes on
 * from where it stood when another source has to count for a while.
 */
final class CountedPart {

    /** A counter that has not moved for longer than any batch lasts: the part draws nothing, or it has stopped. */
    static final long REST_NANOS = 3_000_000_000L;
    /** A counter of what always draws has stopped for sure. */
    static final long FROZEN_NANOS = 6_000_000_000L;

    final DeviceSample device;
    private final List<EnergyChannel> channels;

    private boolean begun;
    private boolean present;
    private double sumJoules;
    private long earliestStamp;
    private long latestStamp;

    private double joules;
    private double firstJoules;
    private boolean hasMoved;
    private boolean withheld;
    private long publishedNanos;
    private boolean publishedStamped;
    private boolean publicationKnown;
    private long movedNanos;
    private double watts = UNAVAILABLE;
    private double averagingSeconds = UNAVAILABLE;

    private boolean frozen;
    private long frozenNanos;
    private boolean byOther;
    private long otherMissedNanos;
    private double offsetJoules;
    private double shownJoules = UNAVAILABLE;
    private long missedNanos;

    CountedPart(DeviceSample device, List<EnergyChannel> channels) {
        this.device = device;
        this.channels = channels;
    }

    /** Takes in what its channels say at a moment of {@link System#nanoTime}. */
    void look(long nowNanos) {
        present = sum();
        if (!present) {
            return;
        }
        boolean stamped = earliestStamp != 0;
        long when = stamped ? latestStamp : nowNanos;
        if (!begun) {
            begun = true;
            movedNanos = nowNanos;
            firstJoules = sumJoules;
            published(when, stamped, stamped);
        } else if (sumJoules != joules && isPublication(stamped, when)) {
            double seconds = (when - publishedNanos) / Units.NANOS_PER_SECOND;
            boolean counted = publicationKnown && publishedStamped == stamped && sumJoules > joules && seconds > 0;
            watts = counted ? (sumJoules - joules) / seconds : UNAVAILABLE;
            averagingSeconds = counted ? seconds : UNAVAILABLE;
            published(when, stamped, true);
            hasMoved = true;
            thaw(nowNanos);
            movedNanos = nowNanos;
        }
    }

    /** Whether all channels have been published, or one of them is overdue; without timestamps nobody can tell. */
    private boolean isPublication(boolean stamped, long when) {
        return !stamped || !publishedStamped || earliestStamp > publishedNanos || when - publishedNanos > REST_NANOS;
    }

    /** Adds its channels up; false when one is missing. */
    private boolean sum() {
        sumJoules = 0;
        earliestStamp = Long.MAX_VALUE;
        latestStamp = 0;
        for (int i = 0; i < channels.size(); i++) {
            EnergyChannel channel = channels.get(i);
            if (!isAvailable(channel.joules)) {
                return false;
            }
            sumJoules += channel.joules;
            earliestStamp = Math.min(earliestStamp, channel.stampNanos);
            latestStamp = Math.max(latestStamp, channel.stampNanos);
        }
        return true;
    }

    private void published(long when, boolean stamped, boolean known) {
        joules = sumJoules;
        publishedNanos = when;
        publishedStamped = stamped;
        publicationKnown = known;
    }

    /** It draws nothing: its counter rests, and what else is known of it says that it may. */
    void rest(long nowNanos) {
        boolean publishing = sumJoules != joules; // one die of two has told something new
        if (!present || publishing || nowNanos - movedNanos < REST_NANOS && isAvailable(watts)) {
            return;
        }
        watts = 0;
        averagingSeconds = REST_NANOS / Units.NANOS_PER_SECOND;
        publishedStamped = earliestStamp != 0;
        publishedNanos = publishedStamped ? latestStamp : nowNanos;
        publicationKnown = true;
    }

    /** Its counter rests, and nobody knows whether it may: its power is unknown. */
    void doubt(long nowNanos) {
        if (nowNanos - movedNanos >= REST_NANOS) {
            watts = UNAVAILABLE;
        }
    }

    /** How long its counter has not moved, or that of one of its dies. */
    long stillNanos(long nowNanos) {
        if (!begun) {
            return 0;
        }
        return Math.max(nowNanos - movedNanos, present && earliestStamp != 0 ? latestStamp - earliestStamp : 0);
    }

    /** Whether the latest sample has all its channels. */
    boolean isPresent() {
        return present;
    }

    /** Whether its counter was seen to move by an amount of known duration. */
    boolean hasPower() {
        return isAvailable(watts);
    }

    /** Its counter has stopped, and has not told since that moment what is drawn. */
    void freeze(long sinceNanos) {
        if (!frozen) {
            frozen = true;
            frozenNanos = sinceNanos;
            watts = UNAVAILABLE;
        }
    }

    boolean isFrozen() {
        return frozen;
    }

    /** It counts again; nobody knows whether it has counted meanwhile. */
    void thaw(long nowNanos) {
        if (frozen) {
            frozen = false;
            watts = UNAVAILABLE;
            missedNanos += byOther ? 0 : nowNanos - frozenNanos;
        }
    }

    /** Writes its power and its counter. */
    void fill() {
        if (present && !frozen) {
            device.powerWatts = watts;
            device.powerAveragingSeconds = averagingSeconds;
            device.energyCounterJoules = counter();
            device.energyCounterNanos = earliestStamp != 0 ? publishedNanos : 0;
        }
        device.energyMissedNanos = missedNanos;
    }

    /**
     * A counter that was never seen to move might be waited for: a part that rests is told by its power alone. Once it
     * moves, it is shown where it stood before, and at the next look where it stands: nothing is lost.
     */
    private double counter() {
        if (!hasMoved && watts == 0) {
            withheld = true;
            return UNAVAILABLE;
        }
        double raw = withheld ? firstJoules : joules;
        withheld = false;
        return show(raw, false);
    }

    /** Writes what another source says of the same part. */
    void fillFrom(DeviceSample other, long nowNanos) {
        if (isAvailable(other.energyCounterJoules)) {
            missedNanos += byOther ? Math.max(0, other.energyMissedNanos - otherMissedNanos) : nowNanos - frozenNanos;
            otherMissedNanos = other.energyMissedNanos;
        }
        device.powerWatts = other.powerWatts;
        device.powerAveragingSeconds = other.powerAveragingSeconds;
        device.energyCounterJoules = show(other.energyCounterJoules, true);
        device.energyCounterNanos = other.energyCounterNanos;
        device.energyMissedNanos = missedNanos;
        device.problem = other.problem;
    }

    /** The counter as it is shown: without a jump from one source to the other. */
    private double show(double raw, boolean other) {
        if (!isAvailable(raw)) {
            return UNAVAILABLE;
        }
        if (byOther != other) {
            byOther = other;
            offsetJoules = isAvailable(shownJoules) ? shownJoules - raw : 0;
        }
        shownJoules = offsetJoules + raw;
        return shownJoules;
    }
}
