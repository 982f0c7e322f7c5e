package telemetry.sampling;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.OptionWithoutEffectException;
import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import collectors.registry.CollectorRegistry;
import collectors.registry.CollectorSearch;
import collectors.registry.NullCollector;
import energy.DescribeResponse;
import energy.EnergyResponse;
import energy.HealthResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Logger;
import telemetry.accounting.CpuFields;
import telemetry.intervals.EnergyRequestException;
import telemetry.intervals.PowerSecond;
import telemetry.selection.Selection;
import telemetry.selection.UnknownDeviceException;

/** The sensors of this machine: chooses the collectors, samples them, and tells what is measured. Serves nobody. */
public final class Sensors implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Sensors.class.getName());

    /** A launcher waits 5 s for an answer; Health waits for slow sensors no longer than this. */
    private static final long ANSWER_TIMEOUT_MILLIS = 2000;

    /**
     * What is to be measured.
     *
     * @param collector a name that {@link CollectorRegistry#search} takes
     * @param auxiliary whether the other collectors that work here stand beside that one
     * @param context   where and how the collectors look
     * @param version   the monitor's own
     * @param cpuFields where the wire has the packages of a CPU that is measured alone
     * @param beside    collectors that were asked for besides; they are closed with the others
     */
    public record Settings(String collector, boolean auxiliary, CollectorContext context, String version,
                           CpuFields cpuFields, List<TelemetryCollector> beside) {

        /** With nothing besides. */
        public Settings(String collector, boolean auxiliary, CollectorContext context, String version,
                        CpuFields cpuFields) {
            this(collector, auxiliary, context, version, cpuFields, List.of());
        }

        /** With the usual fields. */
        public Settings(String collector, boolean auxiliary, CollectorContext context, String version) {
            this(collector, auxiliary, context, version, CpuFields.COMBINED);
        }
    }

    private final Settings settings;
    private final Host host;
    private final CollectorSearch search;
    private final long openingNanos = System.nanoTime();
    private final FutureTask<HostInfo> describing;
    private final Description description;
    private final CompletableFuture<Sampler> sampling = new CompletableFuture<>();
    /** Completes when it is known of every collector whether it works here. */
    private final CompletableFuture<Void> allTried = new CompletableFuture<>();
    /** This machine, and the one that the readings are of: another one while a recording is replayed. */
    private volatile HostInfo hostInfo;
    private volatile HostInfo measuredInfo;
    private volatile Consumer<Boolean> healthListener = isHealthy -> { };
    private volatile Consumer<PowerSecond> secondListener;

    /** Begins to look for what works here, in other threads. */
    public Sensors(Settings settings, CollectorRegistry registry) {
        this.settings = settings;
        search = registry.search(settings.collector(), settings.context(), settings.auxiliary());
        host = Host.open(settings.context());
        description = new Description(settings, search, host);
        describing = inBackground(host::info);
    }

    /** A flag that does nothing is an error, not a surprise. */
    private void requireProfiling(boolean isProfiling) throws CollectorUnavailableException {
        if (settings.context().gpm() && !isProfiling) {
            throw new OptionWithoutEffectException("--gpm has no effect here: no NVIDIA GPU that is measured tells "
                    + "what works inside it (Hopper and later do, with drivers from 525 on): leave it out");
        }
    }

    /**
     * Waits until the primary collector is open, and where one is to profile until it is known whether one does, but not
     * much longer than a launcher would.
     *
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void await() throws CollectorUnavailableException, InterruptedException {
        if (isPrimaryKnown(true) && settings.context().gpm()) {
            try {
                requireProfiling(search.profiling().get(Math.max(0, answerNanosLeft()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return; // it is asked again when all are known
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private long answerNanosLeft() {
        return TimeUnit.MILLISECONDS.toNanos(ANSWER_TIMEOUT_MILLIS) - (System.nanoTime() - openingNanos);
    }

    /**
     * Samples from now on, in another thread; returns when every collector that works here takes part. While the primary
     * one is being opened, readings are made of what is there.
     *
     * @param broadcast where the readings are published
     * @param executor  makes and publishes the readings, one task at a time
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void start(Broadcast broadcast, ScheduledExecutorService executor)
            throws CollectorUnavailableException, InterruptedException {
        hostInfo = describing();
        if (!isPrimaryKnown(true)) {
            LOG.warning("Waiting for " + String.join(", ", search.pending()) + ": readings have only what is there yet");
            start(new NullCollector(), broadcast, executor);
        }
        boolean isProfiling = false;
        List<TelemetryCollector> early = new ArrayList<>();
        for (CollectorSearch.Finding found = search.next(); found != null; found = search.next()) {
            description.note(found);
            TelemetryCollector collector = found.collector();
            isProfiling |= collector != null && collector.isProfiling();
            Sampler sampler = sampling.getNow(null);
            if (found.primary()) {
                if (sampler != null) {
                    sampler.setPrimary(collector, settings.cpuFields());
                } else {
                    early.remove(collector);
                    early.forEach(start(collector, broadcast, executor)::addAuxiliary);
                }
                log(found); // whoever waits for Health does not wait for this
                addBeside(sampling.join());
            } else if (collector != null && sampler != null) {
                sampler.addAuxiliary(collector);
            } else if (collector != null) {
                early.add(collector);
            }
        }
        isPrimaryKnown(false); // throws, if there is none, why
        requireProfiling(isProfiling);
        allTried.complete(null);
    }

    /** Not before the others have devices: until then a meter of the machine would be all there is, and the total. */
    private void addBeside(Sampler sampler) {
        sampler.firstReading().thenRun(() -> settings.beside().forEach(sampler::addAuxiliary));
    }

    private Sampler start(TelemetryCollector primary, Broadcast broadcast, ScheduledExecutorService executor) {
        Host replayed = search.replayedHost();
        measuredInfo = replayed == null ? hostInfo : replayed.info();
        Sampler sampler = new Sampler(primary, replayed == null ? host : replayed, measuredInfo, broadcast, executor,
                settings.context().intervalMillis());
        sampler.onHealthChange(healthListener);
        sampler.onSecond(secondListener);
        sampler.setCpuFields(settings.cpuFields());
        sampler.start();
        sampling.complete(sampler);
        return sampler;
    }

    /** Whether it is open; waits for it, if that is wanted, no longer than anybody may wait for Health. */
    private boolean isPrimaryKnown(boolean waiting) throws CollectorUnavailableException, InterruptedException {
        try {
            boolean patient = waiting && search.isReplay(); // a file does not hang, and is all there is
            CollectorSearch.Finding primary = search.primary().get(
                    patient ? Long.MAX_VALUE : waiting ? Math.max(0, answerNanosLeft()) : 0, TimeUnit.NANOSECONDS);
            if (settings.collector().equals(CollectorRegistry.AUTO) || !settings.auxiliary()) {
                requireProfiling(primary.collector().isProfiling()); // NVIDIA's is preferred to all others
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CollectorUnavailableException reason) {
                throw reason;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** This machine's name, as soon as it is known; localhost until then. */
    public String hostName() {
        HostInfo known = hostInfo;
        return known == null ? "localhost" : known.hostName();
    }

    /** Stops sampling and closes the collectors. */
    @Override
    public void close() {
        Sampler sampler = sampling.getNow(null);
        if (sampler != null) {
            sampler.close();
        }
    }

    /** Whether power or energy is read now; waits a while for the first reading. */
    public CompletableFuture<HealthResponse> health() {
        return sampling.thenCompose(Sampler::firstReading)
                .completeOnTimeout(null, ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .thenApply(done -> {
                    Sampler sampler = sampling.getNow(null);
                    return HealthResponse.newBuilder()
                            .setHealthy(isHealthy())
                            .setPlatform(sampler != null ? sampler.platform() : CollectorRegistry.NONE)
                            .build();
                });
    }

    /** Whether the latest reading had power or energy; false until there was one. */
    public boolean isHealthy() {
        Sampler sampler = sampling.getNow(null);
        return sampler != null && sampler.isHealthy();
    }

    /** Whoever is to be told, by the thread that makes the readings, when this changes; to be set before the start. */
    public void onHealthChange(Consumer<Boolean> listener) {
        healthListener = listener;
    }

    /** Whoever is to be told, by the thread that makes the readings, what each second was like; to be set before the start. */
    public void onSecond(Consumer<PowerSecond> listener) {
        secondListener = listener;
    }

    /** The monitor's clock now: Unix time in nanoseconds, for {@link #energy}. */
    public CompletableFuture<Long> mark() {
        return sampling.thenApply(Sampler::mark);
    }

    /**
     * What was used between two {@linkplain #mark marks}, the second one 0 for now; waits a moment for what makes it
     * exact. Fails with an {@link EnergyRequestException} when such an interval has no answer.
     */
    public CompletableFuture<EnergyResponse> energy(long fromUnixNanos, long toUnixNanos) {
        return sampling.thenCompose(sampler -> sampler.energy(fromUnixNanos, toUnixNanos));
    }

    /** The same of the devices of these names, see {@link #select}; of all when there are none. */
    public CompletableFuture<EnergyResponse> energy(long fromUnixNanos, long toUnixNanos, List<String> devices) {
        return devices.isEmpty() ? energy(fromUnixNanos, toUnixNanos) : select(devices).thenCompose(selection ->
                sampling.join().energy(fromUnixNanos, toUnixNanos, selection));
    }

    /**
     * The devices of these names, for a subscription that the thread has to start that completes this; waits a while for
     * slow sensors. Fails with an {@link UnknownDeviceException} when a name fits none, or several.
     */
    public CompletableFuture<Selection> select(List<String> devices) {
        return sampling.thenCompose(sampler -> sampler.select(devices, allTried::isDone));
    }

    /** What is measured here, by what, and what is not and why; waits a while for slow sensors. */
    public CompletableFuture<DescribeResponse> describe() {
        return allTriedOrLate().thenCompose(done -> sampling.thenCompose(Sampler::details))
                .thenApply(details -> describe(details, false));
    }

    /** The same with the devices of these names only, see {@link #select}; with all when there are none. */
    public CompletableFuture<DescribeResponse> describe(List<String> devices) {
        return devices.isEmpty() ? describe() : allTriedOrLate().thenCompose(done -> select(devices))
                .thenCompose(selection -> sampling.join().details(selection))
                .thenApply(details -> describe(details, true));
    }

    private DescribeResponse describe(byte[] details, boolean selected) {
        return description.describe(measuredInfo, sampling.join(), details, selected);
    }

    private CompletableFuture<Void> allTriedOrLate() {
        return allTried.copy().completeOnTimeout(null, ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void log(CollectorSearch.Finding primary) {
        String platform = primary.collector().platform();
        LOG.info(settings.collector().equals(CollectorRegistry.AUTO)
                ? "Auto-detected " + platform + " platform" : "Using " + platform + " platform, as asked for");
        String refusals = description.refusals();
        if (primary.name().equals(CollectorRegistry.NONE) && !refusals.isEmpty()) {
            LOG.warning("No power or energy can be measured here: " + refusals);
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "start");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private HostInfo describing() throws InterruptedException {
        try {
            return describing.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
