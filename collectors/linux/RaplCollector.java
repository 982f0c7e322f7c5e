package collectors.linux;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.DeviceSample;
import collectors.TelemetryCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * CPUs and their memory, by the energy counters of RAPL that the kernel shows as powercap zones
 * (Documentation/power/powercap/powercap.rst), under the same names for AMD's CPUs as for Intel's.
 */
public final class RaplCollector implements TelemetryCollector {

    private static final Pattern ZONE = Pattern.compile("intel-rapl(-mmio)?:\\d+(:\\d+)?");
    private static final Pattern AMD = Pattern.compile("(?m)^vendor_id\\s*:\\s*(AuthenticAMD|HygonGenuine)$");
    /** Counters change every millisecond or so. */
    private static final int MAX_WAIT_MILLIS = 50;

    private final Path folder;
    private final List<RaplZone> zones;
    private final List<DeviceSample> samples;

    /**
     * Opens every zone.
     *
     * @throws CollectorUnavailableException when there is none
     */
    public static RaplCollector open(CollectorContext context) throws CollectorUnavailableException {
        Path folder = context.sysfs().resolve("class/powercap");
        String cpuInfo = SysfsFile.text(context.procfs().resolve("cpuinfo"));
        boolean amd = cpuInfo != null && AMD.matcher(cpuInfo).find();
        List<RaplZone> zones = SysfsFolder.entries(folder).stream()
                .filter(path -> ZONE.matcher(path.getFileName().toString()).matches())
                .map(path -> new RaplZone(path, amd)).toList();
        if (zones.isEmpty()) {
            throw new CollectorUnavailableException(
                    folder + " has no RAPL zone: virtual machines have none, and a kernel needs intel_rapl_msr");
        }
        if (zones.stream().noneMatch(RaplZone::exists)) {
            throw new CollectorUnavailableException("the links in " + folder + " lead nowhere: " + RaplZone.MOUNT);
        }
        RaplCollector collector = new RaplCollector(folder, withoutDuplicates(zones));
        try {
            collector.awaitMoves();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a counter that has not moved so far is taken for stopped
        }
        return collector;
    }

    private RaplCollector(Path folder, List<RaplZone> zones) {
        this.folder = folder;
        this.zones = zones;
        this.samples = zones.stream().map(RaplZone::sample).toList();
    }

    /**
     * Waits for the counters of zones that say they are disabled. That is about limiting power: it is 0 wherever no
     * limit may be set, as on AMD's CPUs, and the counters run all the same (intel_rapl_common.c).
     */
    private void awaitMoves() throws InterruptedException {
        for (int waited = 0; waited < MAX_WAIT_MILLIS; waited++) {
            boolean anyMayMove = false;
            for (RaplZone zone : zones) {
                anyMayMove |= zone.mayStillMove();
            }
            if (!anyMayMove) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Override
    public String platform() {
        return "rapl";
    }

    @Override
    public String source() {
        return folder.toString();
    }

    /** Gives the counters to the user's own group, until the machine starts again. */
    @Override
    public String remedy() {
        String files = folder + "/intel-rapl*/energy_uj";
        return zones.stream().noneMatch(RaplZone::isUnreadable) ? ""
                : "sudo chgrp $(id -g) " + files + " && sudo chmod g+r " + files;
    }

    @Override
    public List<DeviceSample> collect() {
        for (int i = 0; i < zones.size(); i++) {
            zones.get(i).read();
        }
        return samples;
    }

    @Override
    public void close() {
        zones.forEach(RaplZone::close);
    }

    /**
     * Leaves out what shows a counter for the second time: the other view of the same registers (intel-rapl-mmio), and
     * dies of one package that share its counter, as AMD's do.
     */
    private static List<RaplZone> withoutDuplicates(List<RaplZone> zones) {
        Set<String> names = zones.stream().filter(zone -> !zone.isMmio()).map(RaplZone::fullName)
                .collect(Collectors.toSet());
        List<RaplZone> kept = new ArrayList<>();
        for (RaplZone zone : zones) {
            zone.compareWith(kept);
            if (zone.isMmio() && names.contains(zone.fullName()) || zone.isDuplicate()) {
                zone.close();
            } else {
                kept.add(zone);
            }
        }
        return kept;
    }
}
