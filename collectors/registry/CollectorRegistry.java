package collectors.registry;

import static collectors.host.OperatingSystem.LINUX;
import static collectors.host.OperatingSystem.MACOS;
import static collectors.host.OperatingSystem.WINDOWS;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.TelemetryCollector;
import collectors.apple.AppleOpening;
import collectors.apple.powermetrics.MacosCollector;
import collectors.gpu.GpuPlatforms;
import collectors.host.OperatingSystem;
import collectors.linux.BatteryCollector;
import collectors.linux.HwmonCollector;
import collectors.linux.HwmonPlatform;
import collectors.linux.JetsonCollector;
import collectors.linux.RaplCollector;
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

    /** A driver without its persistence daemon takes one to three seconds for each GPU; nobody waits for it. */
    private static final long OPEN_TIMEOUT_MILLIS = 30_000;

    /** The collectors that this project has; the first that works here is taken. */
    public static CollectorRegistry standard() {
        return new CollectorRegistry()
                .detect("nvidia", Set.of(LINUX, WINDOWS), GpuPlatforms::openNvidia)
                .detect("amd", Set.of(LINUX), GpuPlatforms::openAmd)
                .detect("macos", Set.of(MACOS), AppleOpening::open)
                .detectInSysfs()
                .detect(NONE, EnumSet.allOf(OperatingSystem.class), context -> new NullCollector())
                .onRequest("macos-powermetrics", MacosCollector::open)
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

    /** A collector that may be tried. */
    record Candidate(String name, Set<OperatingSystem> systems, Factory factory) {

        boolean isForThisSystem() {
            return systems.contains(OperatingSystem.current());
        }

        /** Whether it is the one that reads nothing. */
        boolean isNone() {
            return name.equals(NONE);
        }

        Refusal refusal() {
            return new Refusal(name, Cause.OTHER_SYSTEM, OTHER_SYSTEM, "");
        }

        Refusal refusal(CollectorUnavailableException why) {
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
     * Begins to look for what works here. The primary collector's future fails with a
     * {@link CollectorUnavailableException} when the one that is asked for cannot work here.
     *
     * @param choice {@link #AUTO}, a registered name or the name of a class
     * @param others whether the others that auto-detection knows are wanted, too
     * @throws IllegalArgumentException when there is no such collector
     */
    public CollectorSearch search(String choice, CollectorContext context, boolean others) {
        if (choice.equals(AUTO)) {
            return new CollectorSearch(detected, true, others, context, openTimeoutMillis);
        }
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(choice, Set.of(), factory(choice)));
        if (!choice.equals(NONE)) {
            detected.stream().filter(candidate -> !candidate.isNone() && !candidate.name().equals(choice))
                    .forEach(candidates::add);
        }
        return new CollectorSearch(candidates, false, others, context, openTimeoutMillis);
    }

    /** Whether {@link #search} knows what is meant; loads a class where a class is named. */
    public void check(String choice) {
        if (!choice.equals(AUTO)) {
            factory(choice);
        }
    }

    private Factory factory(String choice) {
        Factory factory = byName.get(choice);
        return factory != null ? factory : new CollectorClass(choice);
    }
}
