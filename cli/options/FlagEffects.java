package cli.options;

import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import collectors.replay.ReplayRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which flags have no effect with a collector on a system: who gives one expects something that will not happen. */
final class FlagEffects {

    /** The collectors that choose among several devices. */
    private static final Set<String> CHOOSING = Set.of("nvidia", "amd");
    /** Apple's, and the name by which powermetrics alone is asked for begins so, too. */
    private static final String MACOS = "macos";
    private static final String RAPL = "rapl";
    private static final List<String> REPLAYED_WHOLE = List.of("--devices", "--no-auxiliary", "--macos-power",
            "--path.sysfs", "--path.procfs", SensorOptions.BESIDE, "--gpm");
    private static final String SIMULATED = "simulated";

    private FlagEffects() {
    }

    /**
     * The flags that would have no effect, each with the reason.
     *
     * @param collector as it was asked for: auto, a registered name, or a class, which may heed any flag
     */
    static Map<String, String> none(CollectorRegistry registry, String collector, OperatingSystem system) {
        Map<String, String> none = new TreeMap<>();
        if (ReplayRequest.isMeant(collector)) {
            REPLAYED_WHOLE.forEach(flag -> none.put(flag,
                    "chooses among the sensors of this machine, and a recording is replayed whole"));
            return none;
        }
        boolean auto = collector.equals(CollectorRegistry.AUTO);
        if (!auto && !registry.names().contains(collector)) {
            return none;
        }
        if (auto ? system != OperatingSystem.MACOS : !collector.startsWith(MACOS)) {
            none.put("--macos-power", "is for the collector macos");
        }
        if (auto ? system != OperatingSystem.LINUX : !collector.equals(RAPL)) {
            none.put("--cpu-fields", "is for the collector rapl");
        }
        if (!auto && !CHOOSING.contains(collector)) {
            none.put("--devices", "chooses among GPUs, and the collector " + collector + " has none to choose among");
        }
        if (collector.equals(CollectorRegistry.NONE)) {
            none.put("--no-auxiliary", "is for collectors that measure");
        }
        if (system != OperatingSystem.LINUX && (auto || collector.equals(SIMULATED))) {
            none.put("--path.sysfs", "is for Linux");
            none.put("--path.procfs", "is for Linux");
        }
        return none;
    }
}
