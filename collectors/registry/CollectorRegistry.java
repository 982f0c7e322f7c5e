package collectors.registry;

import static collectors.host.OperatingSystem.LINUX;
import static collectors.host.OperatingSystem.MACOS;
import static collectors.host.OperatingSystem.WINDOWS;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import collectors.TelemetryCollector;
import collectors.apple.MacosCollector;
import collectors.gpu.GpuPlatforms;
import collectors.host.Host;
import collectors.host.OperatingSystem;
import collectors.linux.BatteryCollector;
import collectors.linux.HwmonCollector;
import collectors.linux.HwmonPlatform;
import collectors.linux.JetsonCollector;
import collectors.linux.RaplCollector;
import collectors.replay.Replay;
import collectors.replay.ReplayRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which collectors there are, in order of preference, and the choice among them. A new one is a class of its own and a
 * line in {@link #standard}.
 */
public final class CollectorRegistry {

    /** The choice that takes the first collector that works here. */
    public static final String AUTO = "auto";

    /** The collector that reads nothing. */
    public static final String NONE = "null";

    /** The reason against a collector that is made for another operating system. */
    public static final String OTHER_SYSTEM = "not on this operating system";

    private static final long OPEN_TIMEOUT_MILLIS = 10_000;

    /** The collectors that this project has; the first that works here is taken. */
    public static CollectorRegistry standard() {
        return new CollectorRegistry()
                .detect("nvidia", Set.of(LINUX, WINDOWS), GpuPlatforms::openNvidia)
                .detect("amd", Set.of(LINUX), GpuPlatforms::openAmd)
                .detect("macos", Set.of(MACOS), MacosCollector::open)
                .detectInSysfs()
                .detect(NONE, EnumSet.allOf(OperatingSystem.class), context -> new NullCollector())
                .onRequest("simulated", context -> new SimulatedCollector());
    }

    /** Adds the collectors that read nothing but files below {@link CollectorContext#sysfs} and procfs. */
    public CollectorRegistry detectInSysfs() {
        return detect("intel-gpu", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.INTEL_GPU))
                .detect("rapl", Set.of(LINUX), RaplCollector::open)
                .detect("jetson", Set.of(LINUX), JetsonCollector::open)
                .detect("amd-hsmp", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.AMD_HSMP))
                .detect("ampere", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.AMPERE))
                .detect("acpi", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.ACPI))
                .detect("battery", Set.of(LINUX), BatteryCollector::open);
    }

    /** Opens a collector; the {@link CollectorUnavailableException} it throws says why it cannot work here. */
    @FunctionalInterface
    public interface Factory {
        TelemetryCollector open(CollectorContext context) throws Exception;
    }

    /** Why a collector was not taken, for code; people read the reason. */
    public enum Cause {
        /** It cannot work on this machine. */
        UNAVAILABLE,
        /** It was not tried: it is made for another operating system. */
        OTHER_SYSTEM
    }

    /**
     * A collector that was not taken.
     *
     * @param name   as it is registered
     * @param cause  what kept it out
     * @param reason one line
     * @param remedy the command that would mend it; empty when there is none
     */
    public record Refusal(String name, Cause cause, String reason, String remedy) {

        /** A collector that cannot work on this machine. */
        public Refusal(String name, String reason, String remedy) {
            this(name, Cause.UNAVAILABLE, reason, remedy);
        }
    }

    /**
     * A collector that was taken.
     *
     * @param name      as it was asked for or registered
     * @param collector open, to be closed by whoever takes it
     */
    public record Opened(String name, TelemetryCollector collector) {
    }

    /**
     * The outcome of a choice.
     *
     * @param opened   in the order of preference
     * @param refusals those that were tried and cannot work here
     * @param replayed the machine that a recording stands in for, of which the opened are all that is measured; null
     *                 when this machine is measured
     */
    public record Choice(List<Opened> opened, List<Refusal> refusals, Host replayed) {

        /** A choice among the sensors of this machine. */
        public Choice(List<Opened> opened, List<Refusal> refusals) {
            this(opened, refusals, null);
        }

        private boolean hasTried(String name) {
            return opened.stream().anyMatch(one -> one.name().equals(name))
                    || refusals.stream().anyMatch(one -> one.name().equals(name));
        }
    }

    private record Candidate(String name, Set<OperatingSystem> systems, Factory factory) {

        private boolean isForThisSystem() {
            return systems.contains(OperatingSystem.current());
        }

        private Refusal refusal() {
            return new Refusal(name, Cause.OTHER_SYSTEM, OTHER_SYSTEM, "");
        }

        private Refusal refusal(CollectorUnavailableException why) {
            return new Refusal(name, why.getMessage(), why.remedy());
        }
    }

    private final long openTimeoutMillis;
    private final List<Candidate> detected = new ArrayList<>();
    private final Map<String, Factory> byName = new LinkedHashMap<>();

    public CollectorRegistry() {
        this(OPEN_TIMEOUT_MILLIS);
    }

    /** A registry that waits no longer than that for a collector to open. */
    public CollectorRegistry(long openTimeoutMillis) {
        this.openTimeoutMillis = openTimeoutMillis;
    }

    /**
     * Adds a collector that auto-detection tries, after those added before.
     *
     * @param systems where it is worth a try; when it is asked for by name it is tried everywhere
     */
    public CollectorRegistry detect(String name, Set<OperatingSystem> systems, Factory factory) {
        detected.add(new Candidate(name, systems, factory));
        return onRequest(name, factory);
    }

    /** Adds a collector that is only taken by name. */
    CollectorRegistry onRequest(String name, Factory factory) {
        byName.put(name, factory);
        return this;
    }

    /** The names that may be asked for. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * Opens the collector that is asked for.
     *
     * @param choice {@link #AUTO}, a registered name, the name of a class, or a {@linkplain ReplayRequest recording}
     * @throws CollectorUnavailableException when that one cannot work here
     * @throws IllegalArgumentException      when there is no such collector
     */
    public Choice open(String choice, CollectorContext context) throws CollectorUnavailableException {
        if (choice.equals(AUTO)) {
            return openFirst(context);
        }
        if (ReplayRequest.isMeant(choice)) {
            Replay replay = Replay.open(ReplayRequest.parse(choice), context);
            return new Choice(replay.collectors().stream().map(collector -> new Opened(choice, collector)).toList(),
                    List.of(), replay.host());
        }
        return new Choice(List.of(new Opened(choice, open(choice, factory(choice), context))), List.of());
    }

    /** Whether {@link #open} knows what is meant; loads a class where a class is named. */
    public void check(String choice) {
        if (ReplayRequest.isMeant(choice)) {
            ReplayRequest.parse(choice);
        } else if (!choice.equals(AUTO)) {
            factory(choice);
        }
    }

    private Factory factory(String choice) {
        Factory factory = byName.get(choice);
        return factory != null ? factory : new CollectorClass(choice);
    }

    private Choice openFirst(CollectorContext context) throws CollectorUnavailableException {
        List<Refusal> refusals = new ArrayList<>();
        NoSuchDeviceException wrongDevices = null;
        for (Candidate candidate : detected) {
            if (wrongDevices != null && candidate.name().equals(NONE)) {
                throw wrongDevices; // whoever names devices does not want to measure without them
            }
            if (!candidate.isForThisSystem()) {
                refusals.add(candidate.refusal());
                continue;
            }
            try {
                TelemetryCollector collector = open(candidate.name(), candidate.factory(), context);
                return new Choice(List.of(new Opened(candidate.name(), collector)), refusals);
            } catch (CollectorUnavailableException e) {
                wrongDevices = e instanceof NoSuchDeviceException wrong ? wrong : wrongDevices;
                refusals.add(candidate.refusal(e));
            }
        }
        throw new CollectorUnavailableException(refusals.toString());
    }

    /** Opens every collector that auto-detection knows and that a choice has not tried: the auxiliary ones. */
    public Choice openOthers(Choice choice, CollectorContext context) {
        List<Opened> opened = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        for (Candidate candidate : detected) {
            String name = candidate.name();
            if (name.equals(NONE) || choice.hasTried(name)) {
                continue;
            }
            if (!candidate.isForThisSystem()) {
                refusals.add(candidate.refusal());
                continue;
            }
            try {
                opened.add(new Opened(name, open(name, candidate.factory(), context)));
            } catch (CollectorUnavailableException e) {
                refusals.add(candidate.refusal(e));
            }
        }
        return new Choice(opened, refusals);
    }

    private TelemetryCollector open(String name, Factory factory, CollectorContext context)
            throws CollectorUnavailableException {
        return CollectorOpening.open(name, factory, context, openTimeoutMillis);
    }
}
