package collectors.replay;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceSample;
import collectors.replay.file.RecordedDevice;
import collectors.replay.file.RecordedReading;
import collectors.replay.file.RecordingReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;

/**
 * Reads a recording at the pace of the clock, for all its collectors together. A reading of the recording lies in the
 * replay where its timestamp says, shifted, and speeded up where that is asked for.
 *
 * <p>Where the monitor reads as often as was recorded, its looks are put half-way between the recorded readings, so that
 * each of those is seen once, however much the two jitter.
 */
final class Playback implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Playback.class.getName());

    static final String ENDED = "the recording ended";

    /** Readings further apart than that are a gap: what was read is not what is drawn. */
    private static final int GAP_INTERVALS = 3;
    private static final long MIN_GAP_NANOS = 250_000_000L;
    /** After so many intervals a reading that no other one follows is over. */
    private static final double HELD_INTERVALS = 1.5;
    /** Intervals that differ by less than that part are the same. */
    private static final double SAME_PART = 0.2;

    private final ReplayRequest request;
    private final long intervalNanos;
    private final long recordedIntervalNanos;
    private final Map<String, ReplayedDevice> devices = new LinkedHashMap<>();
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<String, RecordedDevice> inReading = new HashMap<>();
    private final Set<String> toldOf = new HashSet<>();

    private RecordingReader reader;
    /** The latest reading that was taken, and the one behind it; null behind the last. */
    private RecordedReading current;
    private RecordedReading next;
    private boolean nextBeginsAgain;
    /** Of the recording's time, carried on where it begins again or a clock was set back. */
    private long currentNanos;
    private long nextNanos;
    private boolean begun;
    private boolean silent;
    private boolean aligns = true;
    private long originNanos;

    /** What one collector had. */
    private static final class Part {

        private final List<ReplayedDevice> devices = new ArrayList<>();
        private List<DeviceSample> samples = List.of();
        private long momentNanos;
    }

    /**
     * A recording whose time begins with the first call of {@link #fill}.
     *
     * @param intervalNanos between two looks
     */
    Playback(ReplayRequest request, RecordingOverview overview, long intervalNanos) throws IOException {
        this.request = request;
        this.intervalNanos = intervalNanos;
        this.recordedIntervalNanos = overview.intervalNanos();
        overview.platforms().forEach(platform -> parts.put(platform, new Part()));
        overview.devices().forEach(this::add);
        reader = RecordingReader.open(request.file());
        next = read();
    }

    private ReplayedDevice add(RecordedDevice device) {
        Part part = parts.get(device.platform());
        if (part == null) {
            if (toldOf.add(device.platform())) {
                LOG.warning(request.file() + ": devices of the platform " + device.platform()
                        + " turn up late in the recording and are left out");
            }
            return null;
        }
        ReplayedDevice replayed = new ReplayedDevice(device);
        devices.put(ReplayedDevice.key(device), replayed);
        part.devices.add(replayed);
        return replayed;
    }

    /** Looks come at other moments from now on. */
    synchronized void align() {
        aligns = true;
    }

    /** Makes the samples of a platform tell what they do at that {@link System#nanoTime}. */
    synchronized List<DeviceSample> fill(String platform, long nowNanos) {
        if (!begun) {
            begun = true;
            originNanos = nowNanos - halfNanos();
        }
        advance(nowNanos);
        if (aligns) {
            align(nowNanos);
        }
        String silence = silence(nowNanos);
        silent = silence != null;
        Part part = parts.get(platform);
        part.momentNanos = silent ? 0 : nanoTime(currentNanos);
        for (ReplayedDevice device : part.devices) {
            if (silent) {
                device.silence(silence);
            } else {
                device.fill(part.momentNanos, request.speed());
            }
        }
        if (part.samples.size() < part.devices.size()) {
            part.samples = part.devices.stream().map(device -> device.sample).toList();
        }
        return part.samples;
    }

    /** The {@link System#nanoTime} of what {@link #fill} last told of that platform; 0 when that is nothing. */
    synchronized long momentNanos(String platform) {
        return parts.get(platform).momentNanos;
    }

    /** Memory in use on the recorded machine, MiB. */
    synchronized double hostMemoryUsedMb() {
        return current == null || silent ? UNAVAILABLE : current.hostMemoryUsedMb();
    }

    private void align(long nowNanos) {
        aligns = false;
        long since = nowNanos - nanoTime(currentNanos);
        if (isSamePace() && next != null && since < 2 * recordedIntervalNanos / request.speed()) {
            originNanos += since - halfNanos();
        }
    }

    private boolean isSamePace() {
        double part = recordedIntervalNanos / request.speed() / intervalNanos;
        return Math.abs(part - 1) < SAME_PART;
    }

    private long halfNanos() {
        return isSamePace() ? intervalNanos / 2 : 0;
    }

    private long nanoTime(long recordedNanos) {
        return originNanos + (long) (recordedNanos / request.speed());
    }

    /** Takes the readings that are due; at the same pace, one that is late by less than a look waits for the next. */
    private void advance(long nowNanos) {
        while (next != null && nanoTime(nextNanos) - nowNanos <= 0) {
            take();
            if (next == null || isSamePace() && nowNanos - nanoTime(nextNanos) < intervalNanos) {
                return;
            }
        }
    }

    private void take() {
        inReading.clear();
        for (RecordedDevice device : next.devices()) {
            String key = ReplayedDevice.key(device);
            if (devices.containsKey(key) || add(device) != null) {
                inReading.put(key, device);
            }
        }
        long since = nextNanos - currentNanos;
        devices.forEach((key, device) -> device.take(inReading.get(key), since, nextBeginsAgain));
        current = next;
        currentNanos = nextNanos;
        nextBeginsAgain = false;
        next = read();
        if (next == null && request.loop()) {
            nextBeginsAgain = true;
            next = readAgain();
        }
        if (next != null) {
            long apart = next.unixNanos() - current.unixNanos();
            nextNanos = currentNanos + (nextBeginsAgain || apart <= 0 ? recordedIntervalNanos : apart);
        }
    }

    private RecordedReading readAgain() {
        try {
            reader.close();
            reader = RecordingReader.open(request.file());
            return read();
        } catch (IOException e) {
            LOG.warning("The replay ends: " + e.getMessage());
            return null;
        }
    }

    /** The next reading of the machine; what cannot be read ends the recording. */
    private RecordedReading read() {
        try {
            while (true) {
                RecordedReading reading = reader.next();
                if (reading == null) {
                    tellDamage(reader.damage());
                    return null;
                }
                if (request.host().isEmpty() && isOther(reading)) {
                    if (toldOf.add(reading.host().name())) {
                        LOG.warning(request.file() + ": the readings of " + reading.host().name()
                                + " are left out; choose it with host=");
                    }
                } else if (request.host().isEmpty() || reading.host().name().equals(request.host())) {
                    return reading;
                }
            }
        } catch (IOException e) {
            tellDamage(e.getMessage());
            return null;
        }
    }

    private boolean isOther(RecordedReading reading) {
        return current != null && !reading.host().name().equals(current.host().name());
    }

    private void tellDamage(String damage) {
        if (damage != null && toldOf.add(damage)) {
            LOG.warning(request.file() + " is replayed up to its damage: " + damage);
        }
    }

    private String silence(long nowNanos) {
        boolean over = nowNanos - nanoTime(currentNanos) > HELD_INTERVALS * recordedIntervalNanos / request.speed();
        if (next == null) {
            return over ? ENDED : null;
        }
        long apart = nextNanos - currentNanos;
        boolean gap = apart > Math.max(MIN_GAP_NANOS, GAP_INTERVALS * recordedIntervalNanos);
        return over && gap ? "the recording has nothing for " + Math.round(apart / 1e8) / 10.0 + " s here" : null;
    }

    @Override
    public synchronized void close() {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.fine("a recording could not be closed: " + e);
        }
    }
}
