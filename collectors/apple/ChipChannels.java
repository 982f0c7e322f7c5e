package collectors.apple;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which channels of the energy model tell of which part of the chip. A chip has hundreds, most of which are parts of
 * others: a core's is in its cluster's, a cluster's in the CPU's, the SRAM of the GPU in the GPU's. Those of one die of
 * a chip with two carry {@code DIE_0_} in front or {@code _0} at the end. Nothing is ever summed with what contains it.
 */
final class ChipChannels {

    private static final String DIE = "(?:DIE_?(\\d+)[_ ])?";
    private static final Pattern CPU = Pattern.compile(DIE + "CPU Energy");
    private static final Pattern GPU = Pattern.compile(DIE + "GPU Energy");
    private static final Pattern NEURAL_ENGINE = Pattern.compile(DIE + "ANE(\\d+)?(_\\d+)?");
    private static final Pattern DRAM = Pattern.compile(DIE + "DRAM(\\d+)?(_\\d+)?");
    /** A cluster by its kind's letter: ECPU, PACC0_CPU; or MCPU0, which is a core's where there are no MCPU0_0. */
    private static final Pattern CLUSTER = Pattern.compile(DIE + "([A-Z])(?:CPU|ACC\\d*_CPU)");
    private static final Pattern NUMBERED = Pattern.compile(DIE + "([A-Z])CPU\\d+");

    private final List<String> names;

    /** The names of all channels of the group. */
    ChipChannels(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** The whole CPU: one channel, or one for each die; empty when there is none. */
    List<String> cpu() {
        return outermost(CPU);
    }

    List<String> gpu() {
        return outermost(GPU);
    }

    List<String> neuralEngine() {
        return outermost(NEURAL_ENGINE);
    }

    List<String> dram() {
        return outermost(DRAM);
    }

    /** The clusters of each kind of core by the kind's letter, such as E and P; all of them are in the CPU's. */
    SortedMap<String, List<String>> clusters() {
        SortedMap<String, List<String>> kinds = new TreeMap<>();
        SortedMap<String, List<String>> numbered = new TreeMap<>();
        for (String name : names) {
            Matcher cluster = CLUSTER.matcher(name);
            Matcher other = NUMBERED.matcher(name);
            if (cluster.matches()) {
                kinds.computeIfAbsent(cluster.group(2), letter -> new ArrayList<>()).add(name);
            } else if (other.matches() && names.contains(name + "_0")) {
                numbered.computeIfAbsent(other.group(2), letter -> new ArrayList<>()).add(name);
            }
        }
        numbered.forEach(kinds::putIfAbsent);
        return kinds;
    }

    /** Of names with more and fewer numbers those with the fewest: they contain the others. */
    private List<String> outermost(Pattern pattern) {
        SortedMap<Integer, List<String>> byDepth = new TreeMap<>();
        for (String name : names) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                int depth = 0;
                for (int i = 1; i <= matcher.groupCount(); i++) {
                    depth += matcher.group(i) == null ? 0 : 1;
                }
                byDepth.computeIfAbsent(depth, any -> new ArrayList<>()).add(name);
            }
        }
        return byDepth.isEmpty() ? List.of() : byDepth.get(byDepth.firstKey());
    }
}
