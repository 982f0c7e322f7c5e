package collectors.registry;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.registry.CollectorRegistry.Candidate;
import collectors.registry.CollectorRegistry.Refusal;
import collectors.replay.Replay;
import collectors.replay.ReplayRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Finds out, in a thread of its own, which collectors work here: the first that does, in the order of preference, is
 * the primary one. They are opened one after the other, but where one takes its time, as a driver does that wakes
 * eight GPUs first, nobody waits for it: the others are opened meanwhile.
 */
public final class CollectorSearch {

    /** Longer than a collector takes that finds its library loaded or missing. */
    private static final long PATIENCE_MILLIS = 200;

    /**
     * What became of a collector.
     *
     * @param name      as it was asked for or registered
     * @param collector open, to be closed by whoever takes it; null when it was refused
     * @param primary   whether it is the one whose devices make the first fields of a reading; one that was found
     *                  before, and stood beside what was waited for, may be found again as the primary one
     * @param refusal   null when it was opened
     */
    public record Finding(String name, TelemetryCollector collector, boolean primary, Refusal refusal) {
    }

    /** One of those that are tried; its opening is null until then. */
    private static final class Attempt {

        private final Candidate candidate;
        private CollectorOpening opening;
        private boolean reported;
        private TelemetryCollector collector;

        private Attempt(Candidate candidate) {
            this.candidate = candidate;
        }
    }

    /** The last one, which says that there are no more. */
    private static final Finding END = new Finding("", null, false, null);

    private final List<Attempt> attempts = new ArrayList<>();
    private final boolean fallingBack;
    private final boolean others;
    private final CollectorContext context;
    private final long openTimeoutMillis;
    private final BlockingQueue<Finding> findings = new LinkedBlockingQueue<>();
    private final CompletableFuture<Finding> primary = new CompletableFuture<>();
    private final CompletableFuture<Boolean> profiling = new CompletableFuture<>();
    private final boolean isReplay;
    private volatile Host replayedHost;
    private volatile List<String> pending = List.of();
    private NoSuchDeviceException wrongDevices;

    /**
     * Begins to look.
     *
     * @param candidates  in the order of preference
     * @param fallingBack whether the next may be the primary one when the first cannot work here
     * @param others      whether those that stand beside the primary one are wanted
     */
    CollectorSearch(List<Candidate> candidates, boolean fallingBack, boolean others, CollectorContext context,
                    long openTimeoutMillis) {
        candidates.forEach(candidate -> attempts.add(new Attempt(candidate)));
        this.fallingBack = fallingBack;
        this.others = others;
        this.context = context;
        this.openTimeoutMillis = openTimeoutMillis;
        isReplay = false;
        inBackground(this::run);
    }

    /** Looks for nothing: a recording is all there is, its collectors and its machine. */
    CollectorSearch(String name, ReplayRequest request, CollectorContext context) {
        fallingBack = false;
        others = false;
        this.context = context;
        openTimeoutMillis = 0;
        isReplay = true;
        inBackground(() -> openReplay(name, request));
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "find-collectors");
        thread.setDaemon(true);
        thread.start();
    }

    private void openReplay(String name, ReplayRequest request) {
        try {
            Replay replay = Replay.open(request, context);
            replayedHost = replay.host();
            for (TelemetryCollector collector : replay.collectors()) {
                Finding finding = new Finding(name, collector, !primary.isDone(), null);
                findings.add(finding);
                primary.complete(finding);
            }
        } catch (CollectorUnavailableException | RuntimeException | Error e) {
            primary.completeExceptionally(e);
        } finally {
            end();
        }
    }

    private void end() {
        profiling.complete(false);
        findings.add(END);
    }

    /** Whether a recording stands in for this machine. */
    public boolean isReplay() {
        return isReplay;
    }

    /** The machine that was recorded, once the primary collector is known; null when this machine is measured. */
    public Host replayedHost() {
        return replayedHost;
    }

    /** The primary collector, when it is known; fails with why there is none, see {@link CollectorRegistry#search}. */
    public CompletableFuture<Finding> primary() {
        return primary;
    }

    /** Whether any that works here {@linkplain TelemetryCollector#isProfiling profiles}; known as soon as one does. */
    public CompletableFuture<Boolean> profiling() {
        return profiling;
    }

    /** The next finding, waited for; null when there are no more. The primary one may not be known by then. */
    public Finding next() throws InterruptedException {
        Finding next = findings.take();
        if (next == END) {
            findings.add(END);
            return null;
        }
        return next;
    }

    /** The names of those that have been asked and have not answered yet. */
    public List<String> pending() {
        return pending;
    }

    private void run() {
        try {
            Attempt first = findPrimary();
            if (others && !first.candidate.isNone()) {
                openAll();
                while (isAnyUnreported()) {
                    reportKnown(null, PATIENCE_MILLIS); // in their order, unless one takes its time
                }
            }
        } catch (CollectorUnavailableException | RuntimeException | Error e) {
            primary.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            primary.completeExceptionally(new CollectorUnavailableException("interrupted"));
        } finally {
            end();
        }
    }

    private Attempt findPrimary() throws CollectorUnavailableException, InterruptedException {
        CollectorUnavailableException last = null;
        for (Attempt attempt : attempts) {
            if (wrongDevices != null && attempt.candidate.isNone()) {
                throw wrongDevices; // whoever names devices does not want to measure without them
            }
            open(attempt);
            while (!attempt.reported && !attempt.opening.isKnownWithin(PATIENCE_MILLIS)) {
                if (others) {
                    openAll();
                    reportKnown(attempt, 0);
                }
            }
            if (!attempt.reported) {
                last = take(attempt, true);
            } else if (attempt.collector != null) {
                reportPrimary(attempt);
            }
            if (attempt.collector != null) {
                return attempt;
            }
            if (!fallingBack) {
                break;
            }
        }
        throw last == null ? new CollectorUnavailableException("no collector works here") : last;
    }

    private void openAll() {
        attempts.stream().filter(attempt -> !attempt.candidate.isNone()).forEach(this::open);
    }

    private void open(Attempt attempt) {
        if (attempt.opening != null || attempt.reported) {
            return;
        }
        Candidate candidate = attempt.candidate;
        boolean askedFor = !fallingBack && attempt == attempts.get(0);
        if (!askedFor && !candidate.isForThisSystem()) {
            report(attempt, new Finding(candidate.name(), null, false, candidate.refusal()));
            return;
        }
        attempt.opening = new CollectorOpening(candidate.name(), candidate.factory(), context, openTimeoutMillis);
        notePending();
    }

    private boolean isAnyUnreported() {
        return attempts.stream().anyMatch(attempt -> attempt.opening != null && !attempt.reported);
    }

    /** Reports those that stand beside what is waited for, if anything is. */
    private void reportKnown(Attempt awaited, long withinMillis) throws InterruptedException {
        for (Attempt attempt : attempts) {
            if (attempt != awaited && attempt.opening != null && !attempt.reported
                    && attempt.opening.isKnownWithin(withinMillis)) {
                take(attempt, false);
            }
        }
    }

    /** Reports the outcome of an opening; returns why it was refused, null when it was not. */
    private CollectorUnavailableException take(Attempt attempt, boolean asPrimary) throws InterruptedException {
        String name = attempt.candidate.name();
        try {
            attempt.collector = attempt.opening.result();
        } catch (CollectorUnavailableException e) {
            wrongDevices = e instanceof NoSuchDeviceException wrong ? wrong : wrongDevices;
            report(attempt, new Finding(name, null, false, attempt.candidate.refusal(e)));
            return e;
        }
        if (asPrimary) {
            reportPrimary(attempt);
        } else {
            report(attempt, new Finding(name, attempt.collector, false, null));
        }
        return null;
    }

    private void reportPrimary(Attempt attempt) {
        Finding finding = new Finding(attempt.candidate.name(), attempt.collector, true, null);
        report(attempt, finding);
        primary.complete(finding);
    }

    private void report(Attempt attempt, Finding finding) {
        attempt.reported = true;
        notePending();
        if (finding.collector() != null && finding.collector().isProfiling()) {
            profiling.complete(true);
        }
        findings.add(finding);
    }

    private void notePending() {
        pending = attempts.stream().filter(attempt -> attempt.opening != null && !attempt.reported)
                .map(attempt -> attempt.candidate.name()).toList();
    }
}
