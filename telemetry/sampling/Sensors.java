package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.OptionWithoutEffectException;
import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import collectors.registry.CollectorRegistry;
import collectors.registry.CollectorSearch;
import collectors.registry.NullCollector;
import com.google.protobuf.InvalidProtocolBufferException;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.EnergyResponse;
import energy.HealthResponse;
import energy.OwnCost;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import telemetry.accounting.CpuFields;
import telemetry.selection.Selection;
import telemetry.selection.UnknownDeviceException;
import telemetry.wire.ReadingEncoder;

/** The sensors of this machine: chooses the collectors, samples them, and tells what is measured. Serves nobody. */
public final class Sensors implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Sensors.class.getName());

    /** A launcher waits 5 s for an answer; Health waits for slow sensors no longer than this. */
    private static final long ANSWER_TIMEOUT_MILLIS = 2000;

    /** The role of a collector that cannot work here. */
    private static final String REFUSED = "refused";

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
    /** When this process started, on the clock of {@link System#nanoTime}: a clock that is set changes no uptime. */
    private final OptionalLong processStartNanos;
    private final CollectorSearch search;
    private final long openingNanos = System.nanoTime();
    private final FutureTask<HostInfo> describing;
    private final List<CollectorInfo> collectors = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Sampler> sampling = new CompletableFuture<>();
    /** Completes when it is known of every collector whether it works here. */
    private final CompletableFuture<Void> allTried = new CompletableFuture<>();
    private volatile HostInfo hostInfo;
    private volatile Consumer<Boolean> healthListener = isHealthy -> { };
    private volatile Consumer<PowerSecond> secondListener;

    /** Begins to look for what works here, in other threads. */
    public Sensors(Settings settings, CollectorRegistry registry) {
        this.settings = settings;
        processStartNanos = ProcessHandle.current().info().startInstant().map(start -> OptionalLong.of(
                System.nanoTime() - Math.max(0, Duration.between(start, Instant.now()).toNanos())))
                .orElse(OptionalLong.empty());
        search = registry.search(settings.collector(), settings.context(), settings.auxiliary());
        host = Host.open(settings.context());
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
     * Waits until the primary collector is open, but not much longer than a launcher would.
     *
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void await() throws CollectorUnavailableException, InterruptedException {
        isPrimaryKnown(true);
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
            note(found);
            TelemetryCollector collector = found.collector();
            isProfiling |= collector != null && collector.isProfiling();
            Sampler sampler = sampling.getNow(null);
            if (found.primary()) {
                log(found);
                if (sampler != null) {
                    sampler.setPrimary(collector, settings.cpuFields());
                } else {
                    early.remove(collector);
                    early.forEach(start(collector, broadcast, executor)::addAuxiliary);
                }
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
        Sampler sampler = new Sampler(primary, host, hostInfo, broadcast, executor,
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
            long left = TimeUnit.MILLISECONDS.toNanos(ANSWER_TIMEOUT_MILLIS) - (System.nanoTime() - openingNanos);
            CollectorSearch.Finding primary =
                    search.primary().get(waiting ? Math.max(0, left) : 0, TimeUnit.NANOSECONDS);
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

    private CompletableFuture<Void> allTriedOrLate() {
        return allTried.copy().completeOnTimeout(null, ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void log(CollectorSearch.Finding primary) {
        String platform = primary.collector().platform();
        LOG.info(settings.collector().equals(CollectorRegistry.AUTO)
                ? "Auto-detected " + platform + " platform" : "Using " + platform + " platform, as asked for");
        String refusals = collectors.stream()
                .filter(other -> other.getRole().equals(REFUSED)
                        && !other.getReason().equals(CollectorRegistry.OTHER_SYSTEM))
                .map(other -> other.getName() + ": " + other.getReason()).collect(Collectors.joining("; "));
        if (primary.name().equals(CollectorRegistry.NONE) && !refusals.isEmpty()) {
            LOG.warning("No power or energy can be measured here: " + refusals);
        }
    }

    private void note(CollectorSearch.Finding found) {
        CollectorInfo.Builder info = found.refusal() == null
                ? info(found.name(), found.primary() ? "primary" : "auxiliary", found.collector())
                : CollectorInfo.newBuilder().setName(found.name()).setRole(REFUSED)
                        .setReason(found.refusal().reason()).setRemedy(found.refusal().remedy());
        collectors.removeIf(known -> known.getName().equals(found.name()));
        collectors.add(found.primary() ? 0 : collectors.size(), info.build());
    }

    private static CollectorInfo.Builder info(String name, String role, TelemetryCollector collector) {
        return CollectorInfo.newBuilder().setName(name).setRole(role).setPlatform(collector.platform())
                .setSource(collector.source()).setRemedy(collector.remedy());
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

    private OwnCost ownCost(Sampler sampler) {
        ProcessHandle.Info process = ProcessHandle.current().info();
        double uptime = processStartNanos.isPresent()
                ? (System.nanoTime() - processStartNanos.getAsLong()) / 1e9 : UNAVAILABLE;
        double cpu = process.totalCpuDuration().map(Sensors::seconds).orElse(UNAVAILABLE);
        return OwnCost.newBuilder()
                .setUptimeSeconds(uptime)
                .setCpuSeconds(cpu)
                .setCpuPercent(uptime > 0 && cpu >= 0 ? 100 * cpu / uptime : UNAVAILABLE)
                .setResidentMb(host.ownResidentMb())
                .setSweepMedianMs(sampler.sweepTimes().medianMillis())
                .setSweepWorstMs(sampler.sweepTimes().worstMillis())
                .setMissedDeadlines(sampler.missedDeadlines())
                .build();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private DescribeResponse describe(byte[] details, boolean selected) {
        try {
            return DescribeResponse.newBuilder()
                    .setSystemInfo(SystemInfo.parseFrom(ReadingEncoder.systemInfo(hostInfo)))
                    .addAllCollectors(collectors)
                    .addAllCollectors(settings.beside().stream()
                            .map(beside -> info(beside.platform(), "auxiliary", beside).build()).toList())
                    .addAllCollectors(search.pending().stream()
                            .map(name -> CollectorInfo.newBuilder().setName(name).setRole("opening").build()).toList())
                    .addAllDevices(TelemetryReading.parseFrom(details).getDetails().getDevicesList())
                    .setIntervalMs(settings.context().intervalMillis())
                    .setVersion(settings.version())
                    .setOwnCost(ownCost(sampling.join()))
                    .setSelected(selected)
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }
}
