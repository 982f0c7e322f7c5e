package telemetry.sampling;

import telemetry.wire.Reading;

/** A ring of readings that makes room by dropping the oldest. Not for use by several threads. */
final class Mailbox {

    private final Reading[] ring;
    private int first;
    private int size;
    private long dropped;

    Mailbox(int capacity) {
        ring = new Reading[capacity];
    }

    void add(Reading reading) {
        if (size == ring.length) {
            poll();
            dropped++;
        }
        ring[(first + size) % ring.length] = reading;
        size++;
    }

    /** The oldest reading, which is taken out; the mailbox must not be empty. */
    Reading poll() {
        Reading reading = ring[first];
        ring[first] = null;
        first = (first + 1) % ring.length;
        size--;
        return reading;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long dropped() {
        return dropped;
    }
}
