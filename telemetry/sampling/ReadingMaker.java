package telemetry.sampling;

import collectors.host.Host;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.CpuFields;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;
import telemetry.accounting.Overlaps;
import telemetry.accounting.TotalPeaks;
import telemetry.accounting.Totals;
import telemetry.intervals.MonotonicClock;
import telemetry.selection.Surroundings;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingEncoder;

/** Makes a reading of what the collectors have said so far. Belongs to the thread that makes the readings. */
final class ReadingMaker {

    /** Of the collector whose devices are CPU packages and their memory. */
    private static final String CPU_PLATFORM = "rapl";
    /** Details are made once a second for those who ask later; what overlaps what changes no more often. */
    private static final long DETAILS_PERIOD_NANOS = 1_000_000_000L;

    private final Host host;
    private final InstantSource clock;
    private final MonotonicClock marks;
    private ReadingEncoder encoder;
    private final boolean isSlow;
    private final Totals totals = new Totals();
    private final MachineTotal machineTotal = new MachineTotal();
    private final AuxiliaryTotals auxiliaryTotals = new AuxiliaryTotals();
    private final Surroundings surroundings;
    private final List<DeviceState> states = new ArrayList<>();
    private final TotalPeaks peaks = new TotalPeaks();
    private final SweepTimes sweepTimes = new SweepTimes();
    private final CompletableFuture<Void> firstDetails = new CompletableFuture<>();
    private volatile boolean separateCpuFields;
    private volatile byte[] latestDetails;
    private long markedNanos;
    private long momentNanos = System.nanoTime() - DETAILS_PERIOD_NANOS;
    private long detailsNanos;
    private long hostMemoryNanos;
    private long sequence;

    /**
     * Makes readings of that host.
     *
     * @param clock of the readings' timestamps
     * @param marks of those that a collector tells the moment of
     */
    ReadingMaker(Host host, InstantSource clock, MonotonicClock marks, ReadingEncoder encoder, long intervalMillis) {
        this.host = host;
        this.clock = clock;
        this.marks = marks;
        this.encoder = encoder;
        this.surroundings = new Surroundings(auxiliaryTotals, intervalMillis);
        this.isSlow = intervalMillis * 1_000_000 >= DETAILS_PERIOD_NANOS;
    }

    /** The next readings are another platform's; to be called by the thread that makes them. */
    void setEncoder(ReadingEncoder encoder) {
        this.encoder = encoder;
    }

    /** Where the CPU packages of a primary collector that measures those go; for other platforms without effect. */
    void setCpuFields(CpuFields cpuFields, String platform) {
        separateCpuFields = cpuFields == CpuFields.SEPARATE && platform.equals(CPU_PLATFORM);
    }

    /** All devices, the primary collector's first; the same list for good. */
    List<DeviceState> states() {
        return states;
    }

    /** What the latest reading tells that is no device's own. */
    Surroundings surroundings() {
        return surroundings;
    }

    /** The number of the latest reading. */
    long sequence() {
        return sequence;
    }

    /** The highest power of the total of late. */
    TotalPeaks peaks() {
        return peaks;
    }

    SweepTimes sweepTimes() {
        return sweepTimes;
    }

    /** The {@linkplain Reading#details details} of a reading, at most a second or an interval old. */
    CompletableFuture<byte[]> details() {
        return firstDetails.thenApply(done -> latestDetails);
    }

    /** Whether the latest reading had power, or an energy counter that moves. */
    boolean hasPowerOrEnergy() {
        return totals.hasPowerOrEnergy();
    }

    /**
     * The reading of a deadline.
     *
     * @param pace          by which the collectors are asked; null when they were asked here and now
     * @param detailsWanted whether somebody waits for its details
     */
    Reading make(List<Slot> slots, Pace pace, long dueNanos, boolean detailsWanted) {
        long nowNanos = System.nanoTime();
        momentNanos = moment(slots.get(0).loop.momentNanos(), nowNanos);
        double sweepMillis = refill(slots, pace, nowNanos) / 1e6;
        totals.sum(states);
        auxiliaryTotals.sum(states);
        machineTotal.sum(states);
        peaks.add(momentNanos, machineTotal.momentaryWatts);
        if (separateCpuFields) {
            auxiliaryTotals.takePrimaryPackages(states);
            totals.omitPowerAndEnergy();
        }
        surroundings.unixNanos = momentNanos == nowNanos ? unixNanos(clock.instant()) : marks.unixNanos(momentNanos);
        surroundings.sweepMillis = sweepMillis;
        sweepTimes.add(sweepMillis);
        if (sequence == 0 || dueNanos - hostMemoryNanos >= host.memoryPeriodNanos()) {
            surroundings.hostMemoryUsedMb = host.memoryUsedMb();
            hostMemoryNanos = dueNanos;
        }
        byte[] message = encoder.encode(totals, auxiliaryTotals, surroundings.hostMemoryUsedMb,
                surroundings.unixNanos);
        long next = sequence + 1; // counts what is made: a gap can only mean readings that a client missed
        byte[] details = areDetailsDue(next, dueNanos, detailsWanted)
                ? DetailsEncoder.encode(states, machineTotal, next, surroundings.intervalMillis, sweepMillis) : null;
        if (details != null) {
            detailsNanos = dueNanos;
            latestDetails = details;
        }
        sequence = next;
        return new Reading(sequence, dueNanos, momentNanos, message, details);
    }

    /** When that is which the primary collector tells: now, unless it says otherwise, and never before the last reading. */
    private long moment(long told, long nowNanos) {
        return told == 0 || told - momentNanos <= 0 || nowNanos - told < 0 ? nowNanos : told;
    }

    private static long unixNanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    /** Whoever waits for the first details is answered. */
    void published(Reading reading) {
        if (reading.details() != null) {
            firstDetails.complete(null);
        }
    }

    /** Refills the devices' states; returns how long the slowest collector took to answer, nanoseconds. */
    private long refill(List<Slot> slots, Pace pace, long nowNanos) {
        long slowest = 0;
        boolean added = false;
        for (Slot slot : slots) {
            added |= slot.refill(pace, nowNanos, momentNanos);
            slowest = Math.max(slowest, slot.loop.sweepNanos());
        }
        if (added) {
            surroundings.devicesVersion++;
            states.clear();
            slots.forEach(slot -> states.addAll(slot.states));
        }
        if (added || nowNanos - markedNanos >= DETAILS_PERIOD_NANOS) {
            markedNanos = nowNanos;
            Overlaps.mark(states);
        }
        return slowest;
    }

    /** The first reading is to be out before any details are made. */
    private boolean areDetailsDue(long next, long nanoTime, boolean wanted) {
        if (latestDetails == null) {
            return next > 1 || isSlow;
        }
        return wanted || nanoTime - detailsNanos >= DETAILS_PERIOD_NANOS;
    }
}
