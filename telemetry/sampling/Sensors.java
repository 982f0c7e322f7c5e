package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.host.Host;
import collectors.host.HostInfo;
import collectors.registry.CollectorRegistry;
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
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import telemetry.accounting.CpuFields;
import telemetry.wire.ReadingEncoder;

/** The sensors of this machine: chooses the collectors, samples them, and tells what is measured. Serves nobody. */
public final class Sensors implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Sensors.class.getName());

    /** A launcher waits 5 s for an answer; Health waits for slow sensors no longer than this. */
    private static final long ANSWER_TIMEOUT_MILLIS = 2000;

    /**
     * What is to be measured.
     *
     * @param collector a name that {@link CollectorRegistry#open} takes
     * @param auxiliary whether the other collectors that work here stand beside that one
     * @param context   where and how the collectors look
     * @param version   the monitor's own
     * @param cpuFields where the wire has the packages of a CPU that is measured alone
     */
    public record Settings(String collector, boolean auxiliary, CollectorContext context, String version,
                           CpuFields cpuFields) {

        /** With the usual fields. */
        public Settings(String collector, boolean auxiliary, CollectorContext context, String version) {
            this(collector, auxiliary, context, version, CpuFields.COMBINED);
        }
    }

    private final Settings settings;
    private final CollectorRegistry registry;
    private final Host host;
    /** When this process started, on the clock of {@link System#nanoTime}: a clock that is set changes no uptime. */
    private final OptionalLong processStartNanos;
    private final FutureTask<CollectorRegistry.Choice> choosing;
    private final FutureTask<HostInfo> describing;
    private final List<CollectorInfo> collectors = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Sampler> sampling = new CompletableFuture<>();
    /** Completes when it is known of every collector whether it works here. */
    private final CompletableFuture<Void> allTried = new CompletableFuture<>();
    /** This machine, and the one that the readings are of: another one while a recording is replayed. */
    private volatile HostInfo hostInfo;
    private volatile HostInfo measuredInfo;
    private volatile Consumer<Boolean> healthListener = isHealthy -> { };

    /** Begins to look for what works here, in other threads. */
    public Sensors(Settings settings, CollectorRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        processStartNanos = ProcessHandle.current().info().startInstant().map(start -> OptionalLong.of(
                System.nanoTime() - Math.max(0, Duration.between(start, Instant.now()).toNanos())))
                .orElse(OptionalLong.empty());
        choosing = inBackground(() -> registry.open(settings.collector(), settings.context()));
        host = Host.open(settings.context());
        describing = inBackground(host::info);
    }

    /**
     * Waits until a collector is open.
     *
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void await() throws CollectorUnavailableException, InterruptedException {
        result(choosing);
    }

    /**
     * Samples from now on, in another thread; returns when every collector that works here takes part.
     *
     * @param broadcast where the readings are published
     * @param executor  makes and publishes the readings, one task at a time
     * @throws CollectorUnavailableException when the collector that was asked for cannot work here
     */
    public void start(Broadcast broadcast, ScheduledExecutorService executor)
            throws CollectorUnavailableException, InterruptedException {
        CollectorContext context = settings.context();
        CollectorRegistry.Choice choice = result(choosing);
        CollectorRegistry.Opened primary = choice.opened().get(0);
        log(primary, choice.refusals());
        note(choice, "primary");
        hostInfo = result(describing);
        Host measured = choice.replayed() != null ? choice.replayed() : host;
        measuredInfo = choice.replayed() != null ? measured.info() : hostInfo;
        Sampler sampler = new Sampler(primary.collector(), measured, measuredInfo, broadcast, executor,
                context.intervalMillis());
        sampler.onHealthChange(healthListener);
        sampler.setCpuFields(settings.cpuFields());
        sampler.start();
        sampling.complete(sampler);
        if (choice.replayed() != null) { // its devices are the whole machine: no sensor of this one stands beside them
            choice.opened().stream().skip(1).forEach(other -> sampler.addAuxiliary(other.collector()));
        } else if (settings.auxiliary() && !primary.name().equals(CollectorRegistry.NONE)) {
            CollectorRegistry.Choice others = registry.openOthers(choice, context);
            note(others, "auxiliary");
            others.opened().forEach(other -> sampler.addAuxiliary(other.collector()));
        }
        allTried.complete(null);
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

    /** What is measured here, by what, and what is not and why; waits a while for slow sensors. */
    public CompletableFuture<DescribeResponse> describe() {
        return allTried.copy().completeOnTimeout(null, ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .thenCompose(done -> sampling.thenCompose(Sampler::details)).thenApply(this::describe);
    }

    private void log(CollectorRegistry.Opened primary, List<CollectorRegistry.Refusal> refusals) {
        String platform = primary.collector().platform();
        LOG.info(settings.collector().equals(CollectorRegistry.AUTO)
                ? "Auto-detected " + platform + " platform" : "Using " + platform + " platform, as asked for");
        if (primary.name().equals(CollectorRegistry.NONE) && !refusals.isEmpty()) {
            LOG.warning("No power or energy can be measured here: " + refusals.stream()
                    .filter(refusal -> refusal.cause() != CollectorRegistry.Cause.OTHER_SYSTEM)
                    .map(refusal -> refusal.name() + ": " + refusal.reason()).collect(Collectors.joining("; ")));
        }
    }

    private void note(CollectorRegistry.Choice choice, String role) {
        choice.opened().forEach(opened -> collectors.add(
                CollectorInfo.newBuilder().setName(opened.name())
                        .setRole(opened == choice.opened().get(0) ? role : "auxiliary")
                        .setPlatform(opened.collector().platform())
                        .setSource(opened.collector().source()).setRemedy(opened.collector().remedy()).build()));
        choice.refusals().forEach(refusal -> collectors.add(
                CollectorInfo.newBuilder().setName(refusal.name()).setRole("refused")
                        .setReason(refusal.reason()).setRemedy(refusal.remedy()).build()));
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "start");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws CollectorUnavailableException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CollectorUnavailableException reason) {
                throw reason;
            }
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

    private DescribeResponse describe(byte[] details) {
        try {
            return DescribeResponse.newBuilder()
                    .setSystemInfo(SystemInfo.parseFrom(ReadingEncoder.systemInfo(measuredInfo)))
                    .addAllCollectors(collectors)
                    .addAllDevices(TelemetryReading.parseFrom(details).getDetails().getDevicesList())
                    .setIntervalMs(settings.context().intervalMillis())
                    .setVersion(settings.version())
                    .setOwnCost(ownCost(sampling.join()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }
}
