package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.TelemetryCollector;
import collectors.host.Host;
import collectors.host.HostInfo;
import collectors.registry.CollectorRegistry;
import collectors.registry.CollectorSearch;
import com.google.protobuf.InvalidProtocolBufferException;
import energy.CollectorInfo;
import energy.DescribeResponse;
import energy.OwnCost;
import energy.SystemInfo;
import energy.TelemetryReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import telemetry.wire.ReadingEncoder;

/** What is measured here, by what, and what is not and why; and what that costs. */
final class Description {

    /** The role of a collector that cannot work here. */
    private static final String REFUSED = "refused";
    private static final String AUXILIARY = "auxiliary";

    private final Sensors.Settings settings;
    private final CollectorSearch search;
    private final Host host;
    /** When this process started, on the clock of {@link System#nanoTime}: a clock that is set changes no uptime. */
    private final OptionalLong processStartNanos;
    private final List<CollectorInfo> collectors = new CopyOnWriteArrayList<>();

    /** A description of what that search has found, for a monitor on that host. */
    Description(Sensors.Settings settings, CollectorSearch search, Host host) {
        this.settings = settings;
        this.search = search;
        this.host = host;
        processStartNanos = ProcessHandle.current().info().startInstant().map(start -> OptionalLong.of(
                System.nanoTime() - Math.max(0, Duration.between(start, Instant.now()).toNanos())))
                .orElse(OptionalLong.empty());
    }

    /** Takes in what became of a collector; the latest of what is found of one counts. A recording has one a platform. */
    void note(CollectorSearch.Finding found) {
        CollectorInfo.Builder info = found.refusal() == null
                ? info(found.name(), found.primary() ? "primary" : AUXILIARY, found.collector())
                : CollectorInfo.newBuilder().setName(found.name()).setRole(REFUSED)
                        .setReason(found.refusal().reason()).setRemedy(found.refusal().remedy());
        collectors.removeIf(known -> known.getName().equals(found.name()) && (known.getRole().equals(REFUSED)
                || info.getRole().equals(REFUSED) || known.getPlatform().equals(info.getPlatform())));
        collectors.add(found.primary() ? 0 : collectors.size(), info.build());
    }

    /** Why nothing is measured by those that are made for this system; empty when none was refused. */
    String refusals() {
        return collectors.stream()
                .filter(other -> other.getRole().equals(REFUSED)
                        && !other.getReason().equals(CollectorRegistry.OTHER_SYSTEM))
                .map(other -> other.getName() + ": " + other.getReason()).collect(Collectors.joining("; "));
    }

    /**
     * The answer.
     *
     * @param measured the machine that the readings are of
     * @param details  of a reading, encoded, whose devices are described
     * @param selected whether these are not all devices
     */
    DescribeResponse describe(HostInfo measured, Sampler sampler, byte[] details, boolean selected) {
        try {
            return DescribeResponse.newBuilder()
                    .setSystemInfo(SystemInfo.parseFrom(ReadingEncoder.systemInfo(measured)))
                    .addAllCollectors(collectors)
                    .addAllCollectors(settings.beside().stream()
                            .map(beside -> info(beside.platform(), AUXILIARY, beside).build()).toList())
                    .addAllCollectors(search.pending().stream()
                            .map(name -> CollectorInfo.newBuilder().setName(name).setRole("opening").build()).toList())
                    .addAllDevices(TelemetryReading.parseFrom(details).getDetails().getDevicesList())
                    .setIntervalMs(settings.context().intervalMillis())
                    .setVersion(settings.version())
                    .setOwnCost(ownCost(sampler))
                    .setSelected(selected)
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was encoded here cannot be parsed", e);
        }
    }

    private static CollectorInfo.Builder info(String name, String role, TelemetryCollector collector) {
        return CollectorInfo.newBuilder().setName(name).setRole(role).setPlatform(collector.platform())
                .setSource(collector.source()).setRemedy(collector.remedy());
    }

    private OwnCost ownCost(Sampler sampler) {
        ProcessHandle.Info process = ProcessHandle.current().info();
        double uptime = processStartNanos.isPresent()
                ? (System.nanoTime() - processStartNanos.getAsLong()) / 1e9 : UNAVAILABLE;
        double cpu = process.totalCpuDuration().map(Description::seconds).orElse(UNAVAILABLE);
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
}
