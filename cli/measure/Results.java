package cli.measure;

import energy.DescribeResponse;
import energy.EnergyResponse;
import java.util.ArrayList;
import java.util.List;

/** What a measurement has found so far, for the reports. */
final class Results {

    /**
     * How the user wants joules to be expressed.
     *
     * @param units    units of work in a run; null when nobody said
     * @param unit     what they are called
     * @param carbon   grams of CO2 equivalent for a kWh; null when nobody said
     * @param price    the price of a kWh; null when nobody said
     */
    record Terms(Double units, String unit, Double carbon, Double price) {
    }

    final DescribeResponse described;
    /** The commands that are compared; only one in most cases. The first is what the others are compared with. */
    final List<List<String>> commands;
    final Terms terms;
    final List<Run> runs = new ArrayList<>();
    /** What the user should know about how the figures came about. */
    final List<String> notices = new ArrayList<>();
    /** What the idle machine used; null when it was not measured. */
    EnergyResponse idle;

    Results(DescribeResponse described, List<List<String>> commands, Terms terms) {
        this.described = described;
        this.commands = commands;
        this.terms = terms;
    }

    /** A command as people wrote it, with its place behind it where another one is written alike. */
    String name(int command) {
        String name = String.join(" ", commands.get(command));
        boolean isOnly = commands.stream().filter(other -> String.join(" ", other).equals(name)).count() == 1;
        return isOnly ? name : name + " (" + (command + 1) + ")";
    }

    /** The runs of one command. */
    List<Run> runsOf(int command) {
        return runs.stream().filter(run -> run.command() == command).toList();
    }

    /** Whether a run of that command ended well; one that failed or was cut short says nothing of what it takes. */
    boolean hasSucceeded(int command) {
        return runsOf(command).stream().anyMatch(Run::hasSucceeded);
    }

    /**
     * The runs of one command that its figures are made of: one that failed, or was cut short, or has no joules, would
     * spoil the others; where there are no others, it is told as it is.
     */
    List<Run> countingRunsOf(int command) {
        List<Run> all = runsOf(command);
        List<Run> whole = all.stream().filter(run -> run.hasSucceeded() && run.hasJoules()).toList();
        if (!whole.isEmpty()) {
            return whole;
        }
        List<Run> measured = all.stream().filter(Run::hasJoules).toList();
        return measured.isEmpty() ? all : measured;
    }
}
