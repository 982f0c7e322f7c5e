package telemetry.sampling;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import telemetry.selection.Selection;
import telemetry.wire.Reading;

/**
 * Hands every reading to every subscriber without ever waiting for one: whoever does not keep up gets the newest
 * readings when it comes back, and what it missed is dropped oldest first and counted.
 */
public final class Broadcast {

    private static final Logger LOG = Logger.getLogger(Broadcast.class.getName());

    /** Readings kept for a subscriber that does not read. */
    public static final int MAILBOX_READINGS = 64;

    /** Somebody who wants readings. Called by one thread at a time. */
    public interface Subscriber {

        /** Whether a reading would go out now rather than be buffered. */
        boolean isReady();

        /**
         * Takes a reading.
         *
         * @param dropped how many the subscriber has missed so far because it did not keep up
         */
        void send(Reading reading, long dropped);

        /** No more readings come: the monitor ends. */
        void complete();
    }

    /** One subscriber's place; its owner reports here when it can take readings again and when it leaves. */
    public final class Subscription {

        private final Subscriber subscriber;
        /** Whose readings it wants; null for all devices. */
        private final Selection selection;
        private final boolean withDetails;
        private final long intervalNanos;
        private final Mailbox mailbox = new Mailbox(MAILBOX_READINGS);
        private long lastSequence;
        private long dueNanos;
        private boolean ended;

        private Subscription(Subscriber subscriber, Selection selection, boolean withDetails, long intervalNanos) {
            this.subscriber = subscriber;
            this.selection = selection;
            this.withDetails = withDetails;
            this.intervalNanos = intervalNanos;
        }

        /** From now on readings come, the latest one at once; none when it was cancelled before. */
        public void start() {
            if (!enter()) {
                return;
            }
            onSubscribe.run();
            Reading first = latest;
            if (first != null) {
                offer(first);
            }
        }

        private synchronized boolean enter() {
            if (!ended && subscriptions.add(this) && wantsAllDetails()) {
                detailsWanted.incrementAndGet();
            }
            return !ended;
        }

        /** The subscriber can take readings again: it gets those that wait for it. */
        public synchronized void ready() {
            try {
                while (!ended && !mailbox.isEmpty() && subscriber.isReady()) {
                    subscriber.send(mailbox.poll(), mailbox.dropped());
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A client's stream failed and is ended: " + e, e);
                cancel(); // one broken stream is not to take the readings from the others
            }
        }

        /** The subscriber has left. */
        public synchronized void cancel() {
            ended = true;
            if (subscriptions.remove(this) && wantsAllDetails()) {
                detailsWanted.decrementAndGet();
            }
        }

        /** Readings that the subscriber missed because it did not keep up. */
        public synchronized long dropped() {
            return mailbox.dropped();
        }

        /** Takes a reading, unless it came already: a new subscriber's first one may come twice. */
        private synchronized void offer(Reading reading) {
            if (reading.sequence() > lastSequence && isDue(reading)) {
                lastSequence = reading.sequence();
                mailbox.add(selection == null ? reading : selection.of(reading, withDetails));
            }
            ready();
        }

        /** Thins the readings out for a subscriber that wants fewer, and waits for the first one with details. */
        private boolean isDue(Reading reading) {
            if (wantsAllDetails() && reading.details() == null) {
                return false;
            }
            if (intervalNanos > 0) {
                if (lastSequence != 0 && reading.dueNanos() - dueNanos < 0) {
                    return false;
                }
                boolean onTime = lastSequence != 0 && reading.dueNanos() - dueNanos < intervalNanos;
                dueNanos = (onTime ? dueNanos : reading.dueNanos()) + intervalNanos;
            }
            return true;
        }

        /** A selection makes its details by itself. */
        private boolean wantsAllDetails() {
            return withDetails && selection == null;
        }

        private synchronized void complete() {
            if (!ended) {
                cancel();
                try {
                    subscriber.complete();
                } catch (RuntimeException e) {
                    LOG.log(Level.FINE, "A client's stream failed as it was ended", e);
                }
            }
        }
    }

    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger detailsWanted = new AtomicInteger();
    private volatile Reading latest;
    private volatile Reading latestWithDetails;
    private volatile Runnable onSubscribe = () -> { };

    /** What to do when somebody has subscribed, in the thread of that one. */
    void onSubscribe(Runnable action) {
        onSubscribe = action;
    }

    /** The latest reading is too old for a new subscriber, who gets the next one instead. */
    void forgetLatest() {
        latest = null;
    }

    /** Offers a reading to every subscriber, in the thread of the caller, and waits for none. */
    public void publish(Reading reading) {
        latest = reading;
        if (reading.details() != null) {
            latestWithDetails = reading;
        }
        for (Subscription subscription : subscriptions) {
            subscription.offer(reading);
        }
    }

    /**
     * A place for a subscriber, to be {@linkplain Subscription#start started}.
     *
     * @param withDetails   whether it wants readings with {@linkplain Reading#details details} only
     * @param intervalNanos the time between two readings that it wants, or 0 for every reading
     */
    public Subscription subscribe(Subscriber subscriber, boolean withDetails, long intervalNanos) {
        return new Subscription(subscriber, null, withDetails, intervalNanos);
    }

    /**
     * The same for readings of some devices, encoded once for all who selected the same.
     *
     * @param selection null for all devices; to be started by the thread that publishes when it is not
     */
    public Subscription subscribe(Subscriber subscriber, Selection selection, boolean withDetails, long intervalNanos) {
        return new Subscription(subscriber, selection, withDetails, intervalNanos);
    }

    /** The latest reading with details, about a second old at most: for those who want no more. Null before the first. */
    public Reading latestWithDetails() {
        return latestWithDetails;
    }

    /** Whether any subscriber wants the details of all devices. */
    public boolean detailsWanted() {
        return detailsWanted.get() > 0;
    }

    /** How many subscribers there are. */
    public int subscribers() {
        return subscriptions.size();
    }

    /** Ends every subscription. */
    public void complete() {
        for (Subscription subscription : subscriptions) {
            subscription.complete();
        }
    }
}
