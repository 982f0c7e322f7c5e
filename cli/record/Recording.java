package cli.record;

import energy.TelemetryReading;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** Readings of one or several machines on their way into a file, in the order of their timestamps. */
final class Recording {

    /** A reading that comes so much later than others of its time is written out of order. */
    private static final long MAX_LATE_NANOS = 2_000_000_000L;
    /** Of some kilobytes each; a disk that is slower than that loses readings, as their sequence numbers show. */
    private static final int MAX_WAITING = 4096;

    private record Waiting(String host, TelemetryReading reading) {
    }

    private final RecordFile file;
    private final boolean ordered;
    private final Queue<Waiting> arrived = new ArrayDeque<>();
    private final Map<String, TelemetryReading> latest = new HashMap<>();
    private final List<Waiting> heldBack = new ArrayList<>();
    private long readings;

    /**
     * A recording.
     *
     * @param ordered whether readings may come out of order, and are to be held back for a while
     */
    Recording(RecordFile file, boolean ordered) {
        this.file = file;
        this.ordered = ordered;
    }

    /**
     * Takes a reading, from any thread; it is written by {@link #flush}. The latest one may come again: whoever comes
     * back to a monitor gets it at once.
     */
    void add(String host, TelemetryReading reading) {
        synchronized (arrived) {
            TelemetryReading last = latest.put(host, reading);
            if (last != null && last.getDetails().getSequence() == reading.getDetails().getSequence()
                    && last.getTimestampNanos() == reading.getTimestampNanos()) {
                return;
            }
            if (arrived.size() == MAX_WAITING) {
                arrived.remove();
            }
            arrived.add(new Waiting(host, reading));
        }
    }

    /** Writes what has arrived. */
    void flush() throws IOException {
        write(MAX_LATE_NANOS);
        file.flush();
    }

    /** Writes all that has arrived and closes the file. */
    void close() throws IOException {
        try (file) {
            write(0);
        }
    }

    /** How many readings were written so far. */
    long readings() {
        return readings;
    }

    private void write(long lateNanos) throws IOException {
        synchronized (arrived) {
            heldBack.addAll(arrived);
            arrived.clear();
        }
        if (ordered) {
            heldBack.sort(Comparator.comparingLong(waiting -> waiting.reading().getTimestampNanos()));
        }
        long newest = heldBack.isEmpty() ? 0 : heldBack.get(heldBack.size() - 1).reading().getTimestampNanos();
        int due = 0;
        while (due < heldBack.size() && (!ordered || lateNanos == 0
                || newest - heldBack.get(due).reading().getTimestampNanos() >= lateNanos)) {
            file.append(heldBack.get(due).host(), heldBack.get(due).reading());
            due++;
        }
        heldBack.subList(0, due).clear();
        readings += due;
    }
}
