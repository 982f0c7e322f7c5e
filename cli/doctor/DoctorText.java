package cli.doctor;

import cli.options.Figures;
import cli.options.Printable;
import collectors.registry.CollectorRegistry;
import energy.CollectorInfo;
import energy.DeviceReading;
import energy.OwnCost;
import energy.SystemInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the doctor found, for people: first what can be fixed, then what is measured, then the rest. */
final class DoctorText {

    /** A counter and a power that differ by more deserve a warning. */
    private static final double MAX_DISAGREEMENT = 0.05;
    /** With fewer joules, a counter's steps alone make such a difference. */
    private static final double MIN_JOULES = 5;
    /** A value that changes nearly as often as it is looked at may change more often. */
    private static final double MIN_LOOKS_PER_CHANGE = 1.2;
    /** The tool and the monitor look at different moments: only larger differences mean something. */
    private static final double MAX_TOOL_DIFFERENCE = 0.15;
    private static final double MAX_TOOL_DIFFERENCE_WATTS = 5;

    private static final double MIB_PER_GIB = 1024;

    private final Diagnosis diagnosis;
    private final StringBuilder text = new StringBuilder();

    private DoctorText(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    static String of(Diagnosis diagnosis) {
        DoctorText report = new DoctorText(diagnosis);
        report.host();
        report.fixes();
        report.measured();
        report.unavailable();
        report.cost();
        return report.text.toString();
    }

    private void host() {
        SystemInfo host = diagnosis.described().getSystemInfo();
        line("energy-monitor " + diagnosis.described().getVersion() + " on " + host.getHostName() + ": "
                + host.getOsName() + " " + host.getOsVersion() + ", kernel " + host.getKernelVersion() + ", "
                + host.getCpuBrand() + " (" + host.getCpuCount() + " logical CPUs)");
        line("");
    }

    private void fixes() {
        List<CollectorInfo> fixable = diagnosis.collectors().stream()
                .filter(collector -> !collector.getRemedy().isEmpty()).toList();
        if (fixable.isEmpty()) {
            return;
        }
        line("To fix:");
        for (CollectorInfo collector : fixable) {
            line("  " + collector.getName() + ": " + (collector.getReason().isEmpty() ? "some of its sensors may not "
                    + "be read" : collector.getReason()));
            line("    fix: " + collector.getRemedy());
        }
        line("");
    }

    private void measured() {
        line(diagnosis.isAnythingMeasured() ? "Measured:" : "Nothing is measured here.");
        for (CollectorInfo collector : diagnosis.working()) {
            line("  " + collector.getName() + " (" + collector.getRole() + ")"
                    + (collector.getSource().isEmpty() ? "" : ", from " + collector.getSource()));
            diagnosis.devices(collector).forEach(this::device);
            if (diagnosis.devices(collector).isEmpty() && !collector.getPlatform().equals(CollectorRegistry.NONE)) {
                line("    no device has answered yet: is the driver hung?");
            }
            VendorTool tool = diagnosis.tools().get(collector.getPlatform());
            if (tool != null && tool.failure() != null) {
                line("    " + tool.name() + " failed: " + tool.failure());
            }
        }
        line("");
    }

    private void device(DeviceReading device) {
        line("    " + device.getIndex() + " " + device.getName() + " (" + device.getId() + "), "
                + device.getKind().replace('_', ' ')
                + (device.getInTotal() ? "" : ", not part of the total"));
        if (!device.getProblem().isEmpty()) {
            detail(Diagnosis.isMeasured(device) ? "problem" : "silent", device.getProblem());
        }
        if (!Diagnosis.isMeasured(device)) {
            return;
        }
        SensorRates.Rate rate = diagnosis.rates().of(device);
        detail("power", device.getPowerWatts() < 0 ? "n/a" : Figures.text(device.getPowerWatts(), "W")
                + (device.getPowerLimitWatts() < 0 ? "" : " of " + Figures.text(device.getPowerLimitWatts(), "W"))
                + (device.getPowerAgeSeconds() <= 0 ? rate == null ? "" : often(rate.powerSeconds())
                        : ", asked " + Figures.text(device.getPowerAgeSeconds(), "s") + " ago"));
        detail("energy", switch (device.getEnergySource()) {
            case ENERGY_SOURCE_COUNTER -> "counted by the hardware" + (rate == null ? ""
                    : often(rate.energySeconds()));
            case ENERGY_SOURCE_INTEGRATED -> "summed up from power: this device has no energy counter";
            default -> "not known yet";
        });
        if (rate != null && rate.ratio() >= 0) {
            detail("check", disagreement(rate));
        }
        List<String> more = new ArrayList<>();
        add(more, device.getTemperatureCelsius(), Math.round(device.getTemperatureCelsius()) + " °C");
        add(more, device.getMemoryUsedMb(), gib(device.getMemoryUsedMb()) + (device.getMemoryTotalMb() < 0 ? ""
                : " of " + gib(device.getMemoryTotalMb())) + " GiB in use");
        add(more, device.getUtilizationPercent(), Math.round(device.getUtilizationPercent()) + " % busy");
        add(more, device.getSmActivityPercent(), Math.round(device.getSmActivityPercent()) + " % of the SMs");
        add(more, device.getTensorActivityPercent(), Math.round(device.getTensorActivityPercent()) + " % tensor cores");
        add(more, device.getDramActivityPercent(), Math.round(device.getDramActivityPercent())
                + " % of the memory's bandwidth");
        if (!more.isEmpty()) {
            detail("more", String.join(", ", more));
        }
        tool(device);
    }

    private void tool(DeviceReading device) {
        VendorTool.Gpu said = diagnosis.said(device);
        if (said == null || said.powerWatts() < 0 || device.getPowerWatts() < 0) {
            return;
        }
        double difference = Math.abs(said.powerWatts() - device.getPowerWatts());
        boolean agrees = difference <= Math.max(MAX_TOOL_DIFFERENCE_WATTS, MAX_TOOL_DIFFERENCE * said.powerWatts());
        detail(diagnosis.tools().get(device.getPlatform()).name(), Figures.text(said.powerWatts(), "W")
                + (said.limitWatts() < 0 ? "" : " of " + Figures.text(said.limitWatts(), "W"))
                + (said.celsius() < 0 ? "" : ", " + Math.round(said.celsius()) + " °C")
                + (agrees ? ": agrees" : ": differs by " + Figures.text(difference, "W")
                        + "; look again under a steady load"));
    }

    private static String disagreement(SensorRates.Rate rate) {
        if (rate.countedJoules() < MIN_JOULES) {
            return "too few joules to compare counter and power: give more --time";
        }
        double percent = 100 * Math.abs(rate.ratio() - 1);
        String joules = Figures.text(rate.countedJoules(), "J") + " by the counter, "
                + Figures.text(rate.poweredJoules(), "J") + " by power: ";
        return joules + (percent < 100 * MAX_DISAGREEMENT ? "they agree within " + Figures.text(Math.max(percent, 0.1))
                + " %" : "they disagree by " + Figures.text(percent) + " %. The counter's joules are reported");
    }

    private String often(double seconds) {
        if (seconds < 0) {
            return ", did not change while it was watched";
        }
        boolean always = 1000 * seconds < MIN_LOOKS_PER_CHANGE * diagnosis.described().getIntervalMs();
        return ", new " + (always ? "at every look, " : "") + "every " + Figures.text(1000 * seconds) + " ms";
    }

    private void unavailable() {
        List<CollectorInfo> rest = diagnosis.refused().stream()
                .filter(collector -> collector.getRemedy().isEmpty()).toList();
        if (rest.isEmpty()) {
            return;
        }
        line("Not measured:");
        rest.forEach(collector -> line("  " + collector.getName() + ": " + collector.getReason()));
        line("");
    }

    private void cost() {
        OwnCost cost = diagnosis.described().getOwnCost();
        line("The monitor itself: " + Figures.text(cost.getResidentMb(), "MiB") + "; a look at all sensors takes "
                + Figures.text(cost.getSweepMedianMs(), "ms") + ", " + Figures.text(cost.getSweepWorstMs(), "ms")
                + " at worst; " + cost.getMissedDeadlines()
                + (cost.getMissedDeadlines() == 1 ? " reading was" : " readings were")
                + " left out because the machine was late");
    }

    private static void add(List<String> values, double value, String shown) {
        if (value >= 0) {
            values.add(shown);
        }
    }

    private static String gib(double mib) {
        return String.format(Locale.ROOT, "%.1f", mib / MIB_PER_GIB);
    }

    private void detail(String name, String value) {
        line(String.format(Locale.ROOT, "      %-8s %s", name, value));
    }

    private void line(String line) {
        text.append(Printable.of(line)).append(System.lineSeparator());
    }
}
