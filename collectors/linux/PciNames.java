package collectors.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The models of PCI devices: the kernel knows their numbers only. Intel's cards are listed here, so that they have the
 * same names on every machine; others are looked up in the machine's own pci.ids (pci.ids(5)).
 */
public final class PciNames {

    private static final List<Path> PCI_IDS =
            List.of(Path.of("/usr/share/misc/pci.ids"), Path.of("/usr/share/hwdata/pci.ids"));
    private static final Pattern MARKET_NAME = Pattern.compile(".*\\[([^\\]]+)]");
    private static final String INTEL = "8086";

    /** As pci.ids and the kernel's include/drm/intel/pciids.h have them. */
    private static final Map<String, String> INTEL_CARDS = Map.ofEntries(
            Map.entry("0bd5", "Data Center GPU Max 1550"), Map.entry("0bd6", "Data Center GPU Max 1550"),
            Map.entry("0bd9", "Data Center GPU Max 1100"), Map.entry("0bda", "Data Center GPU Max 1100"),
            Map.entry("0bdb", "Data Center GPU Max 1100"), Map.entry("4905", "Iris Xe MAX"),
            Map.entry("5690", "Arc A770M"), Map.entry("5691", "Arc A730M"), Map.entry("5692", "Arc A550M"),
            Map.entry("5693", "Arc A370M"), Map.entry("5694", "Arc A350M"), Map.entry("56a0", "Arc A770"),
            Map.entry("56a1", "Arc A750"), Map.entry("56a2", "Arc A580"), Map.entry("56a5", "Arc A380"),
            Map.entry("56a6", "Arc A310"), Map.entry("56c0", "Data Center GPU Flex 170"),
            Map.entry("56c1", "Data Center GPU Flex 140"), Map.entry("e20b", "Arc B580"),
            Map.entry("e20c", "Arc B570"), Map.entry("e211", "Arc Pro B60"), Map.entry("e212", "Arc Pro B50"));

    private PciNames() {
    }

    /** An Intel card by the folder of its device, such as {@code Intel Arc A770}; never with a number of PCI's. */
    static String gpu(Path device) {
        String number = SysfsFile.text(device.resolve("device"));
        String id = number == null ? "" : number.replaceFirst("^0x", "");
        String model = INTEL_CARDS.get(id);
        if (model == null) {
            model = find(INTEL, id);
        }
        return model == null ? "Intel GPU" : model.startsWith("Intel ") ? model : "Intel " + model;
    }

    /**
     * What the machine's pci.ids calls a device; null when it has no such device, or the machine no such file.
     *
     * @param vendor four hexadecimal digits in lower case, such as {@code 8086}
     * @param device the same
     */
    public static String find(String vendor, String device) {
        for (Path file : PCI_IDS) {
            try {
                if (Files.exists(file)) {
                    return find(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), vendor, device);
                }
            } catch (IOException e) {
                return null; // a name is worth having, not worth failing for
            }
        }
        return null;
    }

    /**
     * Looks a device up in the text of a pci.ids: vendors stand at the beginning of their line, their devices below,
     * indented by one tab. The name on the market stands in brackets behind the chip's.
     */
    static String find(String pciIds, String vendor, String device) {
        Iterator<String> lines = pciIds.lines().iterator();
        boolean below = false;
        while (lines.hasNext()) {
            String line = lines.next();
            if (below && line.startsWith("\t" + device + "  ")) {
                String name = line.substring(1 + device.length()).strip();
                Matcher market = MARKET_NAME.matcher(name);
                return market.matches() ? market.group(1) : name;
            }
            if (!line.startsWith("\t") && !line.startsWith("#")) {
                below = line.startsWith(vendor + "  ");
            }
        }
        return null;
    }
}
