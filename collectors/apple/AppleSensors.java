package collectors.apple;

import collectors.CollectorUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that is read of a Mac, opened together and closed together. */
final class AppleSensors implements AutoCloseable {

    private static final String NO_ENERGY = "IOReport has no energy of ";

    final IoReport ioReport;
    final SystemPower power;
    final GpuStatistics gpuUse;

    final List<EnergyChannel> cpu;
    final List<EnergyChannel> gpu;
    final List<EnergyChannel> neuralEngine;
    /** Empty where it does not count: on some chips the channel stays at zero. */
    final List<EnergyChannel> dram;
    /** By the letter of their kind of core. */
    final SortedMap<String, List<EnergyChannel>> clusters = new TreeMap<>();
    private final String ioReportPath;
    private final int known;

    /**
     * Opens them.
     *
     * @throws CollectorUnavailableException when the chip's energy cannot be read; the machine's power and the GPU's
     *                                       use may be missing
     */
    AppleSensors(AppleLibraries libraries) throws CollectorUnavailableException {
        CoreFoundation foundation = new CoreFoundation(libraries);
        MachClock clock = new MachClock(libraries);
        IoKit ioKit = new IoKit(libraries, clock);
        ioReport = new IoReport(libraries, foundation, clock);
        ioReportPath = libraries.ioReport();
        known = ioReport.names().size();
        try {
            ChipChannels names = new ChipChannels(ioReport.names());
            List<EnergyChannel> channels = subscribe(names);
            cpu = counted(channels, names.cpu(), "the CPU");
            gpu = counted(channels, names.gpu(), "the GPU");
            neuralEngine = names.neuralEngine().isEmpty() ? List.of()
                    : counted(channels, names.neuralEngine(), "the neural engine");
            names.clusters().forEach((letter, wanted) -> {
                List<EnergyChannel> chosen = chosen(channels, wanted);
                if (chosen.stream().allMatch(EnergyChannel::countsEnergy)) {
                    clusters.put(letter, chosen);
                }
            });
            ioReport.sample();
            List<EnergyChannel> memory = chosen(channels, names.dram());
            dram = memory.stream().mapToDouble(channel -> Math.max(0, channel.joules)).sum() > 0 ? memory : List.of();
        } catch (CollectorUnavailableException e) {
            ioReport.close();
            throw e;
        }
        power = new SystemPower(ioKit);
        gpuUse = new GpuStatistics(foundation, ioKit);
    }

    private List<EnergyChannel> subscribe(ChipChannels names) throws CollectorUnavailableException {
        List<String> wanted = new ArrayList<>(names.cpu());
        wanted.addAll(names.gpu());
        wanted.addAll(names.neuralEngine());
        wanted.addAll(names.dram());
        names.clusters().values().forEach(wanted::addAll);
        if (wanted.isEmpty()) {
            throw new CollectorUnavailableException(NO_ENERGY + "an Apple chip");
        }
        return ioReport.subscribe(wanted);
    }

    private static List<EnergyChannel> counted(List<EnergyChannel> channels, List<String> names, String what)
            throws CollectorUnavailableException {
        if (names.isEmpty()) {
            throw new CollectorUnavailableException(NO_ENERGY + what);
        }
        List<EnergyChannel> chosen = chosen(channels, names);
        for (EnergyChannel channel : chosen) {
            if (!channel.countsEnergy()) {
                throw new CollectorUnavailableException("IOReport counts " + channel.name + " in '" + channel.unit
                        + "', which is not known to be energy");
            }
        }
        return chosen;
    }

    private static List<EnergyChannel> chosen(List<EnergyChannel> channels, List<String> names) {
        return channels.stream().filter(channel -> names.contains(channel.name)).toList();
    }

    /** What is read, for people. */
    String description() {
        return ioReportPath + " (" + known + " energy channels)" + (power.isKnown() ? ", the SMC's PSTR" : "");
    }

    @Override
    public void close() {
        ioReport.close();
        power.close();
        gpuUse.close();
    }
}
