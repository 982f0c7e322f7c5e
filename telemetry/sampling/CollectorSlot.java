package telemetry.sampling;

import collectors.Accounting;
import collectors.Backoff;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import telemetry.accounting.EnergyMeter;
import telemetry.accounting.SampleCheck;

/**
 * A collector with what is known of it: its devices and their meters, whether a call is under way or hangs, what
 * fails. Changes of that state are logged once.
 */
public final class CollectorSlot {

    private static final Logger LOG = Logger.getLogger(CollectorSlot.class.getName());

    private static final String STANDS_STILL = "its energy counter stands still";

    private static final long LEAST_REST_NANOS = 1_000_000_000L;
    private static final long MOST_REST_NANOS = 60_000_000_000L;

    private enum State { IDLE, CALLING, HANGING, CLOSED }

    private final TelemetryCollector collector;
    private final long intervalMillis;
    private final LongSupplier nanoTime;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private volatile long callNanos;
    /** Hangs without an answer in time between them; each keeps the other collectors waiting until it is noticed. */
    private final Backoff hangs = new Backoff(LEAST_REST_NANOS, MOST_REST_NANOS);

    private final Backoff backoff = new Backoff();
    private final List<EnergyMeter> meters = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private List<DeviceSample> devices = List.of();
    private boolean sampled;
    private String failure;

    public CollectorSlot(TelemetryCollector collector, long intervalMillis) {
        this(collector, intervalMillis, System::nanoTime);
    }

    /** A slot with a clock of its own. */
    public CollectorSlot(TelemetryCollector collector, long intervalMillis, LongSupplier nanoTime) {
        this.collector = collector;
        this.intervalMillis = intervalMillis;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks the collector, and takes in what it says.
     *
     * @return false when the call hung and another thread has taken over meanwhile
     */
    public boolean sweep() {
        long before = nanoTime.getAsLong();
        callNanos = before;
        boolean mayTry = state.get() == State.IDLE && hangs.mayTry(before) && backoff.mayTry(before);
        if (!mayTry || !state.compareAndSet(State.IDLE, State.CALLING)) {
            noSample();
            return true;
        }
        List<DeviceSample> answer = null;
        Throwable thrown = null;
        try {
            answer = Objects.requireNonNull(collector.collect(), "collect() gave no list of devices");
        } catch (Throwable e) { // whatever a collector does is no reason to stop the others
            thrown = e;
        }
        long after = nanoTime.getAsLong();
        if (!state.compareAndSet(State.CALLING, State.IDLE)) {
            hangs.failed(after);
            state.set(State.IDLE); // only now may the other thread look at that
            LOG.info(collector.platform() + " answers again");
            return false;
        }
        if (thrown == null) {
            try {
                take(answer, before + (after - before) / 2);
            } catch (RuntimeException e) { // such as a device that is null
                thrown = e;
            }
        }
        if (thrown != null) {
            fail(thrown, after);
        }
        return true;
    }

    /** Declares a call that has taken longer than the limit as hanging; true when it was not known before. */
    boolean markHanging(long limitNanos) {
        if (nanoTime.getAsLong() - callNanos < limitNanos || !state.compareAndSet(State.CALLING, State.HANGING)) {
            return false;
        }
        try {
            LOG.warning(collector.platform() + " does not answer: its values are unavailable until it does");
        } catch (OutOfMemoryError e) {
            // There is no room for the line; that another thread takes over matters more.
        }
        return true;
    }

    /** The collector. */
    public TelemetryCollector collector() {
        return collector;
    }

    /** The devices with what they said at the latest sweep; empty when it failed. */
    public List<DeviceSample> sampledDevices() {
        return sampled ? devices : List.of();
    }

    /** The devices known so far, whether the latest sweep failed or not; what they said then is not to be used. */
    public List<DeviceSample> devices() {
        return devices;
    }

    /** Why there is no sample; null when there is one. */
    public String failure() {
        boolean hung = state.get() == State.HANGING || hangs.isFailing() && failure == null;
        return sampled ? null : hung ? "does not answer" : failure;
    }

    /** Why a device did not give what it should at the latest sweep; null when it did, or does not say why. */
    public String problem(int index) {
        DeviceSample device = devices.get(index);
        boolean stands = device.hasPowerOrEnergy() && !meters.get(index).isAnswering();
        return device.problem == null && stands ? STANDS_STILL : device.problem;
    }

    /** The devices' meters, in the devices' order. */
    public List<EnergyMeter> meters() {
        return meters;
    }

    /** Closes the collector, unless it is closed or a call is under way in it. */
    void close() {
        if (state.compareAndSet(State.IDLE, State.CLOSED)) {
            collector.close();
        }
    }

    private void take(List<DeviceSample> answer, long nanos) {
        backoff.succeeded();
        hangs.succeeded();
        if (failure != null) {
            LOG.info(collector.platform() + " answers again");
            failure = null;
        }
        if (devices.isEmpty() && !answer.isEmpty()) {
            LOG.info("Measuring " + answer.stream().filter(device -> device.accounting != Accounting.CONTAINED)
                    .map(device -> device.name + " (" + device.id + ")").collect(Collectors.joining(", ")));
        }
        devices = answer;
        sampled = true;
        for (int i = 0; i < answer.size(); i++) {
            if (i == meters.size()) {
                meters.add(new EnergyMeter(intervalMillis));
                problems.add(null);
            }
            DeviceSample device = answer.get(i);
            SampleCheck.clean(device);
            meters.get(i).add(device, nanos);
            note(i, device);
        }
    }

    private void note(int i, DeviceSample device) {
        // A part of a device may well rest for long: its counter is not worth a line.
        boolean rests = device.hasPowerOrEnergy() && device.accounting == Accounting.CONTAINED;
        String problem = rests || meters.get(i).isAnswering() ? null : problem(i);
        if (Objects.equals(problem, problems.get(i))) {
            return;
        }
        problems.set(i, problem);
        String who = collector.platform() + " " + device.name + " (" + device.id + ")";
        if (problem == null) {
            LOG.info(who + " answers again");
        } else {
            LOG.warning(who + ": " + problem);
        }
    }

    private void fail(Throwable thrown, long nanos) {
        backoff.failed(nanos);
        String why = thrown.toString();
        if (!why.equals(failure)) {
            failure = why;
            LOG.log(Level.WARNING, collector.platform() + " failed, trying again: " + why, thrown);
        }
        noSample();
    }

    private void noSample() {
        sampled = false;
        for (EnergyMeter meter : meters) {
            meter.addNothing();
        }
    }
}
