package cli.options;

import collectors.CollectorContext.MacosPower;
import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import collectors.OptionWithoutEffectException;
import collectors.TelemetryCollector;
import collectors.host.OperatingSystem;
import collectors.meters.MeterCollector;
import collectors.meters.MeterSettings;
import collectors.registry.CollectorRegistry;
import collectors.replay.ReplayRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import telemetry.accounting.CpuFields;
import telemetry.sampling.Sensors;

/** Which sensors of this machine to measure: what every command takes that measures here. */
public final class SensorOptions {

    /** Adds meters of the whole machine. */
    public static final String BESIDE = "--beside";

    /** A user and a password in a URL. */
    private static final Pattern SECRET = Pattern.compile("//[^/@]*(?=@)");

    /** A script that starts the monitor on every system, as install-ipw used to write it, gives both. */
    private static final Set<String> FOR_EVERY_SYSTEM = Set.of("--macos-power", "--cpu-fields");

    @Option(names = "--collector", paramLabel = "NAME", defaultValue = CollectorRegistry.AUTO,
            description = "What reads the sensors: auto (the first that works here), a collector's name, or the name "
                    + "of a class on the class path, or replay:FILE[,speed=N][,loop][,host=NAME] for what record wrote. "
                    + "Default: ${DEFAULT-VALUE}")
    private String collector;

    @Option(names = "--devices", paramLabel = "WHICH", defaultValue = "${env:IPW_GPU_DEVICE_ID:-visible}",
            description = "Which GPUs to measure: visible (those that CUDA_, ROCR_ and HIP_VISIBLE_DEVICES leave), "
                    + "all, or a list of indices and UUIDs. Default: IPW_GPU_DEVICE_ID if that is set, else visible")
    private String devices;

    @Option(names = "--no-auxiliary",
            description = "Measure with one collector only: no CPU packages beside the GPUs")
    private boolean noAuxiliary;

    @Option(names = BESIDE, paramLabel = "METER",
            description = "A meter of the whole machine to show beside the total; may be given several times. "
                    + "redfish=URL or ipmi asks the machine's controller, http=URL,json=$.path,unit=W an outlet or "
                    + "anything else that answers with JSON. docs/meters.md has all keys")
    private List<String> meters = List.of();

    @Option(names = "--gpm",
            description = "Also measure what works inside NVIDIA GPUs (Hopper and later): SMs, tensor cores, memory. "
                    + "Profiling raises their power a little")
    private boolean gpm;

    @Option(names = "--macos-power", paramLabel = "WHAT", defaultValue = "combined",
            description = "What the top-level power is on macOS: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private MacosPower macosPower;

    @Option(names = "--path.sysfs", paramLabel = "FOLDER", defaultValue = "/sys",
            description = "Where the kernel's /sys is. Default: ${DEFAULT-VALUE}")
    private Path sysfs;

    @Option(names = "--path.procfs", paramLabel = "FOLDER", defaultValue = "/proc",
            description = "Where the kernel's /proc is. Default: ${DEFAULT-VALUE}")
    private Path procfs;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** A collector that was asked for and cannot work here, told in one line. */
    public static UserError cannotWork(String collector, CollectorUnavailableException reason) {
        return new UserError(reason instanceof NoSuchDeviceException || reason instanceof OptionWithoutEffectException
                ? reason.getMessage() : "the collector " + collector + " cannot work here: " + reason.getMessage());
    }

    /** The recording that is replayed; null where there is none. */
    public Path replayed() {
        try {
            return ReplayRequest.isMeant(collector) ? ReplayRequest.parse(collector).file() : null;
        } catch (IllegalArgumentException e) {
            return null; // told with the settings
        }
    }

    /** Whether what works inside GPUs is to be measured, too. */
    public boolean isProfiling() {
        return gpm;
    }

    /**
     * What to measure, every so many milliseconds.
     *
     * @throws ParameterException when an option's value is wrong, or an option has no effect
     */
    public Sensors.Settings settings(CollectorRegistry registry, long intervalMillis) {
        return settings(registry, intervalMillis, CpuFields.COMBINED);
    }

    /** The same, with the place of a CPU's packages on the wire. */
    public Sensors.Settings settings(CollectorRegistry registry, long intervalMillis, CpuFields cpuFields) {
        if (isGiven("--devices") && devices.isBlank()) { // an unset variable; the environment's own may be empty
            throw usage(spec, "--devices", devices, "give visible, all, or a list of indices and UUIDs");
        }
        requireFolder("--path.sysfs", sysfs, "/sys");
        requireFolder("--path.procfs", procfs, "/proc");
        try {
            registry.check(collector);
        } catch (IllegalArgumentException e) {
            throw usage(spec, "--collector", collector, ReplayRequest.isMeant(collector) ? e.getMessage() :
                    e.getMessage() + "; give auto, " + String.join(", ", registry.names()) + " or a class's full name");
        }
        Map<String, String> none = FlagEffects.none(registry, collector, OperatingSystem.current());
        if (FOR_EVERY_SYSTEM.stream().allMatch(this::isGiven)) {
            none.keySet().removeAll(FOR_EVERY_SYSTEM);
        }
        none.forEach(this::refuse);
        return new Sensors.Settings(collector, !noAuxiliary,
                new CollectorContext(sysfs, procfs, System.getenv(), intervalMillis,
                        devices.isEmpty() ? "visible" : devices, macosPower, gpm),
                Version.NUMBER, cpuFields, beside());
    }

    private List<TelemetryCollector> beside() {
        if (meters.isEmpty()) {
            return List.of(); // what asks meters costs nothing where there are none
        }
        List<MeterSettings> settings = new ArrayList<>();
        for (String meter : meters) {
            try {
                settings.add(MeterSettings.parse(meter));
            } catch (IllegalArgumentException e) {
                throw usage(spec, BESIDE, SECRET.matcher(meter).replaceFirst("//..."), e.getMessage());
            }
        }
        return List.copyOf(MeterCollector.of(settings));
    }

    /** A wrong value of an option that takes one, told as it was given. */
    public static ParameterException usage(CommandSpec command, String option, String remedy) {
        return usage(command, option, command.commandLine().getParseResult().matchedOption(option).originalStringValues()
                .get(0), remedy);
    }

    /** A wrong value, told in one line with the remedy. */
    public static ParameterException usage(CommandSpec command, String option, String value, String remedy) {
        return new ParameterException(command.commandLine(),
                "invalid value '" + value + "' for " + option + ": " + remedy);
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void refuse(String option, String reason) {
        if (isGiven(option)) {
            throw new ParameterException(spec.commandLine(), option + " has no effect here, as it " + reason
                    + ": leave it out");
        }
    }

    /** Where a system has no such folder by nature, its default is not worth an error. */
    private void requireFolder(String option, Path folder, String usual) {
        if (!Files.isDirectory(folder) && !folder.equals(Path.of(usual))) {
            throw usage(spec, option, folder.toString(), "there is no such folder");
        }
    }
}
