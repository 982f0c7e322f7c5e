package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.DeviceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What AMD's sources have in common: names, variables, what is peculiar to the chips, and where ROCm's libraries lie. */
abstract class AmdSource implements GpuSource {

    /** Our code for a power that is left alone. */
    static final int SLOW_POWER = STALE + 1;

    private static final Pattern CHIP_AND_MODEL = Pattern.compile("[^\\[\\]]+\\[([^\\[\\]]+)]?");
    private static final String OLD_RELEASE = "/opt/rocm-";
    /** From ROCm 10 on. */
    private static final String NEW_RELEASE = "/opt/rocm/core-";

    final Path sysfs;

    private AmdChip[] chips = {};

    AmdSource(Path sysfs) {
        this.sysfs = sysfs;
    }

    @Override
    public final String platform() {
        return "amd";
    }

    @Override
    public final String vendor() {
        return "AMD";
    }

    @Override
    public final String backend() {
        return "AMDSMI";
    }

    /** ROCr hides GPUs from all, HIP and OpenCL choose among those it leaves; HIP takes CUDA's variable for its own. */
    @Override
    public final List<DeviceSelection.Filter> filters() {
        return List.of(new DeviceSelection.Filter(true, "ROCR_VISIBLE_DEVICES"),
                new DeviceSelection.Filter(false, "HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES",
                        "GPU_DEVICE_ORDINAL"));
    }

    /** Identifies the chips of all GPUs; call it whenever the list of GPUs may have changed. */
    final void learnChips() {
        chips = new AmdChip[count()];
        for (int gpu = 0; gpu < chips.length; gpu++) {
            chips[gpu] = AmdChip.of(PciFolder.of(sysfs, pciAddress(gpu)));
        }
    }

    final AmdChip chip(int gpu) {
        return chips[gpu];
    }

    @Override
    public final DeviceKind kind(int gpu) {
        return chip(gpu).isApu() ? DeviceKind.SYSTEM_ON_CHIP : DeviceKind.GPU;
    }

    @Override
    public final boolean isIntegrated(int gpu) {
        return chip(gpu).isApu();
    }

    @Override
    public final boolean maySharePower(int gpu) {
        return chip(gpu).isOneOfTwoDies() || firstOfBoard(gpu) != gpu;
    }

    /** The other die of the module, or the first partition of the board, where only that one's sensor measures. */
    @Override
    public final int powerOwner(int gpu) {
        int other = chip(gpu).isOneOfTwoDies() ? gpu ^ 1 : firstOfBoard(gpu);
        boolean isPair = other != gpu && other < count() && chip(other).isOneOfTwoDies() == chip(gpu).isOneOfTwoDies();
        return isPair && !givesPower(gpu) && givesPower(other) ? other : gpu;
    }

    private boolean givesPower(int gpu) {
        return power(gpu) == SUCCESS && value() > 0;
    }

    /** The first GPU with the same address: partitions of a board have the board's. */
    private int firstOfBoard(int gpu) {
        String address = pciAddress(gpu);
        for (int other = 0; address != null && other < gpu; other++) {
            if (address.equals(pciAddress(other))) {
                return other;
            }
        }
        return gpu;
    }

    @Override
    public final double energyRangeJoules(int gpu) {
        return chip(gpu).hasShortCounter()
                ? AmdChip.SHORT_COUNTER_UNITS * AmdChip.energyUnitMicrojoules(15.259f) / 1e6 : UNAVAILABLE;
    }

    /** As the ROCm runtime writes a unique id; null for 0, which old chips have. */
    static String uuidOf(long uniqueId) {
        return uniqueId == 0 ? null : String.format("GPU-%016x", uniqueId);
    }

    /**
     * From the bits of {@code bdfid}: domain 32 to 63, bus 8 to 15, device 3 to 7. The function is left at 0, as the
     * bits for it may hold the number of a partition.
     */
    static String pciAddressOf(long bdf) {
        return String.format("%04x:%02x:%02x.0", bdf >>> 32, bdf >> 8 & 0xFF, bdf >> 3 & 0x1F);
    }

    /**
     * The model in what a library calls a GPU; null where it gives the vendor's or the device's number instead. One that
     * finds the machine's pci.ids(5) gives its line, the chip and then the model, with or without the last bracket:
     * Aldebaran/MI200 [Instinct MI210].
     */
    static String modelOf(String name) {
        if (name == null || name.isBlank() || name.strip().matches("0x\\p{XDigit}+")) {
            return null;
        }
        Matcher line = CHIP_AND_MODEL.matcher(name.strip());
        return !line.matches() ? name.strip() : line.group(1).startsWith("AMD") ? line.group(1) : "AMD " + line.group(1);
    }

    /**
     * Where a library is looked for, in order: its names for the system's own search, then those in ROCM_PATH, in
     * /opt/rocm and in the newest release of each kind.
     *
     * @param releases folders such as {@code /opt/rocm-6.2.0} and {@code /opt/rocm/core-10.0}
     */
    static List<String> libraryCandidates(List<String> names, Map<String, String> environment, List<String> releases) {
        List<String> folders = new ArrayList<>();
        String rocmPath = environment.get("ROCM_PATH");
        if (rocmPath != null && !rocmPath.isEmpty()) {
            folders.add(rocmPath);
        }
        folders.add("/opt/rocm");
        for (String kind : List.of(NEW_RELEASE, OLD_RELEASE)) {
            releases.stream().filter(release -> release.startsWith(kind))
                    .max(Comparator.comparing(AmdSource::releaseNumber)).ifPresent(folders::add);
        }
        List<String> candidates = new ArrayList<>(names);
        for (String folder : folders) {
            names.forEach(name -> candidates.add(folder + "/lib/" + name));
        }
        return candidates;
    }

    /** A folder's release as a number that orders: 6.10.1 as 6,010,001. */
    private static long releaseNumber(String folder) {
        long release = 0;
        String[] numbers = folder.replaceFirst(".*-", "").split("[^0-9]+");
        for (int i = 0; i < 3; i++) {
            boolean known = i < numbers.length && numbers[i].matches("[0-9]{1,3}");
            release = release * 1000 + (known ? Integer.parseInt(numbers[i]) : 0);
        }
        return release;
    }

    /** The releases on this machine. */
    static List<String> installedReleases() {
        List<String> releases = new ArrayList<>();
        for (Path folder : List.of(Path.of("/opt"), Path.of("/opt/rocm"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.map(Path::toString).filter(entry -> entry.startsWith(OLD_RELEASE)
                            || entry.startsWith(NEW_RELEASE)).forEach(releases::add);
                } catch (IOException e) {
                    continue; // ROCM_PATH can still name a folder that may not be listed
                }
            }
        }
        return releases;
    }
}
