package server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands every reading to every subscriber without ever waiting for one: whoever does not keep up gets the newest
 * readings when it comes back, and what it missed is dropped oldest first and counted.
 */
public final class Broadcast {

    /** Readings kept for a subscriber that does not read, and for an executor that is late. */
    static final int MAILBOX_READINGS = 64;

    /** Somebody who wants readings. Called by one thread at a time. */
    public interface Subscriber {

        /** Whether a reading would go out now rather than be buffered. */
        boolean isReady();

        void send(Reading reading);

        /** No more readings come: the monitor ends. */
        void complete();
    }

    /** One subscriber's place; its owner reports here when it can take readings again and when it leaves. */
    public final class Subscription {

        private final Subscriber subscriber;
        private final Mailbox mailbox = new Mailbox(MAILBOX_READINGS);
        private long lastSequence;
        private boolean ended;

        private Subscription(Subscriber subscriber) {
            this.subscriber = subscriber;
        }

        /** From now on readings come; the latest one at once. */
        public void start() {
            subscriptions.add(this);
            Reading first = latest;
            if (first != null) {
                offer(first);
            }
        }

        /** The subscriber can take readings again: it gets those that wait for it. */
        public synchronized void ready() {
            while (!ended && !mailbox.isEmpty() && subscriber.isReady()) {
                subscriber.send(mailbox.poll());
            }
        }

        /** The subscriber has left. */
        public synchronized void cancel() {
            ended = true;
            subscriptions.remove(this);
        }

        /** Readings that the subscriber missed because it did not keep up. */
        public synchronized long dropped() {
            return mailbox.dropped();
        }

        /** Takes a reading, unless it came already: a new subscriber's first one may come twice. */
        private synchronized void offer(Reading reading) {
            if (reading.sequence() > lastSequence) {
                lastSequence = reading.sequence();
                mailbox.add(reading);
            }
            ready();
        }

        private synchronized void complete() {
            if (!ended) {
                cancel();
                subscriber.complete();
            }
        }
    }

    private final Executor executor;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Mailbox incoming = new Mailbox(MAILBOX_READINGS);
    private final AtomicBoolean delivering = new AtomicBoolean();
    private volatile Reading latest;

    /** A broadcast that delivers on the given executor, best the thread that also writes to the network. */
    public Broadcast(Executor executor) {
        this.executor = executor;
    }

    /** Takes a reading and returns at once. */
    public void publish(Reading reading) {
        latest = reading;
        if (subscriptions.isEmpty()) {
            return;
        }
        synchronized (incoming) {
            incoming.add(reading);
        }
        if (delivering.compareAndSet(false, true)) {
            executor.execute(this::deliver);
        }
    }

    /** A place for a subscriber, to be {@linkplain Subscription#start started}. */
    public Subscription subscribe(Subscriber subscriber) {
        return new Subscription(subscriber);
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

    private void deliver() {
        delivering.set(false);
        for (Reading reading = next(); reading != null; reading = next()) {
            for (Subscription subscription : subscriptions) {
                subscription.offer(reading);
            }
        }
    }

    private Reading next() {
        synchronized (incoming) {
            return incoming.isEmpty() ? null : incoming.poll();
        }
    }
}
