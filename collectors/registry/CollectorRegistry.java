package collectors.registry;

import static collectors.host.OperatingSystem.LINUX;
import static collectors.host.OperatingSystem.MACOS;
import static collectors.host.OperatingSystem.WINDOWS;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.NoSuchDeviceException;
import collectors.TelemetryCollector;
import collectors.apple.MacosCollector;
import collectors.gpu.GpuPlatforms;
import collectors.host.OperatingSystem;
import collectors.linux.BatteryCollector;
import collectors.linux.HwmonCollector;
import collectors.linux.HwmonPlatform;
import collectors.linux.RaplCollector;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The collectors there are, in order of preference, and the choice among them. */
public final class CollectorRegistry {

    /** The choice that takes the first collector that works here. */
    public static final String AUTO = "auto";

    /** The collector that reads nothing. */
    public static final String NONE = "null";

    /** The reason against a collector that is made for another operating system. */
    public static final String OTHER_SYSTEM = "not on this operating system";

    private static final long OPEN_LIMIT_MILLIS = 10_000;

    /** Opens a collector; the {@link CollectorUnavailableException} it throws says why it cannot work here. */
    @FunctionalInterface
    public interface Factory {
        TelemetryCollector open(CollectorContext context) throws Exception;
    }

    /**
     * A collector that was not taken.
     *
     * @param name   as it is registered
     * @param reason one line
     * @param remedy the command that would mend it; empty when there is none
     */
    public record Refusal(String name, String reason, String remedy) {

        Refusal(String name, CollectorUnavailableException reason) {
            this(name, reason.getMessage(), reason.remedy());
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
     */
    public record Choice(List<Opened> opened, List<Refusal> refusals) {
    }

    private record Candidate(Set<OperatingSystem> systems, Factory factory) {
    }

    private final long openLimitMillis;
    private final Map<String, Candidate> detected = new LinkedHashMap<>();
    private final Map<String, Factory> onRequest = new LinkedHashMap<>();

    public CollectorRegistry() {
        this(OPEN_LIMIT_MILLIS);
    }

    /** A registry that waits no longer than that for a collector to open. */
    public CollectorRegistry(long openLimitMillis) {
        this.openLimitMillis = openLimitMillis;
    }

    /** The collectors that this project has. */
    public static CollectorRegistry standard() {
        return new CollectorRegistry()
                .detect("nvidia", Set.of(LINUX, WINDOWS), GpuPlatforms::openNvidia)
                .detect("amd", Set.of(LINUX), GpuPlatforms::openAmd)
                .detect("macos", Set.of(MACOS), MacosCollector::open)
                .detectInSysfs()
                .detect(NONE, EnumSet.allOf(OperatingSystem.class), context -> new NullCollector())
                .onRequest("simulated", context -> new SimulatedCollector());
    }

    /** Adds the collectors that read files below {@link CollectorContext#sysfs} and nothing else. */
    public CollectorRegistry detectInSysfs() {
        return detect("intel-gpu", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.INTEL_GPU))
                .detect("rapl", Set.of(LINUX), RaplCollector::open)
                .detect("jetson", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.JETSON))
                .detect("acpi", Set.of(LINUX), context -> HwmonCollector.open(context, HwmonPlatform.ACPI))
                .detect("battery", Set.of(LINUX), BatteryCollector::open);
    }

    /**
     * Adds a collector that auto-detection tries, after those added before.
     *
     * @param systems where it is worth a try; when it is asked for by name it is tried everywhere
     */
    public CollectorRegistry detect(String name, Set<OperatingSystem> systems, Factory factory) {
        detected.put(name, new Candidate(systems, factory));
        return this;
    }

    /** Adds a collector that is only taken by name. */
    CollectorRegistry onRequest(String name, Factory factory) {
        onRequest.put(name, factory);
        return this;
    }

    /** The names that may be asked for. */
    public List<String> names() {
        List<String> names = new ArrayList<>(detected.keySet());
        names.addAll(onRequest.keySet());
        return names;
    }

    /**
     * Opens the collector that is asked for.
     *
     * @param choice {@link #AUTO}, a registered name or the name of a class
     * @throws CollectorUnavailableException when that one cannot work here
     * @throws IllegalArgumentException      when there is no such collector
     */
    public Choice open(String choice, CollectorContext context) throws CollectorUnavailableException {
        if (choice.equals(AUTO)) {
            return openFirst(context);
        }
        Candidate candidate = detected.get(choice);
        Factory factory = candidate != null ? candidate.factory() : onRequest.get(choice);
        TelemetryCollector collector = openChecked(choice, factory != null ? factory : factoryOf(choice), context);
        return new Choice(List.of(new Opened(choice, collector)), List.of());
    }

    /** Opens every collector that auto-detection knows and that a choice has not tried: they stand beside it. */
    public Choice openOthers(Choice choice, CollectorContext context) {
        List<Opened> opened = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        for (Map.Entry<String, Candidate> candidate : detected.entrySet()) {
            String name = candidate.getKey();
            if (name.equals(NONE) || choice.opened().stream().anyMatch(o -> o.name().equals(name))
                    || choice.refusals().stream().anyMatch(r -> r.name().equals(name))) {
                continue;
            }
            try {
                opened.add(new Opened(name, openDetected(name, candidate.getValue(), context)));
            } catch (CollectorUnavailableException e) {
                refusals.add(new Refusal(name, e));
            }
        }
        return new Choice(opened, refusals);
    }

    /** Whether {@link #open} knows what is meant; loads a class where a class is named. */
    public void check(String choice) {
        if (!choice.equals(AUTO) && !names().contains(choice)) {
            factoryOf(choice);
        }
    }

    private Choice openFirst(CollectorContext context) throws CollectorUnavailableException {
        List<Refusal> refusals = new ArrayList<>();
        NoSuchDeviceException wrongDevices = null;
        for (Map.Entry<String, Candidate> candidate : detected.entrySet()) {
            if (wrongDevices != null && candidate.getKey().equals(NONE)) {
                throw wrongDevices; // whoever names devices does not want to measure without them
            }
            try {
                TelemetryCollector collector = openDetected(candidate.getKey(), candidate.getValue(), context);
                return new Choice(List.of(new Opened(candidate.getKey(), collector)), refusals);
            } catch (CollectorUnavailableException e) {
                wrongDevices = e instanceof NoSuchDeviceException wrong ? wrong : wrongDevices;
                refusals.add(new Refusal(candidate.getKey(), e));
            }
        }
        throw new CollectorUnavailableException(refusals.toString());
    }

    private TelemetryCollector openDetected(String name, Candidate candidate, CollectorContext context)
            throws CollectorUnavailableException {
        if (!candidate.systems().contains(OperatingSystem.current())) {
            throw new CollectorUnavailableException(OTHER_SYSTEM);
        }
        return openChecked(name, candidate.factory(), context);
    }

    /** Opens a collector and has it show that it gives power or energy. One that hangs is left behind. */
    private TelemetryCollector openChecked(String name, Factory factory, CollectorContext context)
            throws CollectorUnavailableException {
        FutureTask<TelemetryCollector> opening = new FutureTask<>(() -> {
            TelemetryCollector collector = factory.open(context);
            try {
                requirePowerOrEnergy(collector);
                return collector;
            } catch (Exception | Error e) {
                collector.close();
                throw e;
            }
        });
        Thread thread = new Thread(opening, "open-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return opening.get(openLimitMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof CollectorUnavailableException reason
                    ? reason : new CollectorUnavailableException(cause.toString());
        } catch (TimeoutException e) {
            throw new CollectorUnavailableException("did not answer within " + openLimitMillis / 1000.0 + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectorUnavailableException("interrupted");
        }
    }

    private static void requirePowerOrEnergy(TelemetryCollector collector) throws Exception {
        List<DeviceSample> devices = collector.collect();
        if (devices.isEmpty() || devices.stream().anyMatch(device ->
                device.hasPowerOrEnergy() || DeviceSample.ASLEEP.equals(device.problem))) {
            return; // who sleeps now is measured as soon as something wakes it
        }
        String problem = devices.get(0).problem;
        throw new CollectorUnavailableException("no device gives power or energy"
                + (problem == null ? "" : " (" + devices.get(0).name + ": " + problem + ")"), collector.remedy());
    }

    private static Factory factoryOf(String className) {
        Class<?> type;
        try {
            type = Class.forName(className);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException("there is no collector and no class of that name");
        }
        if (!TelemetryCollector.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException("the class does not implement " + TelemetryCollector.class.getName());
        }
        return context -> (TelemetryCollector) instantiate(type, context);
    }

    private static Object instantiate(Class<?> type, CollectorContext context) throws Exception {
        try {
            try {
                return type.getConstructor(CollectorContext.class).newInstance(context);
            } catch (NoSuchMethodException e) {
                return type.getConstructor().newInstance();
            }
        } catch (NoSuchMethodException e) {
            throw new CollectorUnavailableException(
                    "has no public constructor that takes nothing or a CollectorContext");
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
