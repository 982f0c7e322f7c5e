package cli.measure;

import energy.IntervalEnergy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of a command's runs, as far as they are known. */
final class Summary {

    private static final double JOULES_PER_KWH = 3.6e6;

    private Summary() {
    }

    /** All that the user asked for, of the runs of a command that count. */
    static List<Figure> of(Results results, int command) {
        return of(results, results.countingRunsOf(command));
    }

    /** The same of some runs; none without runs, and only the time when one of them has no joules. */
    static List<Figure> of(Results results, List<Run> runs) {
        List<Figure> figures = new ArrayList<>();
        if (runs.isEmpty()) {
            return figures;
        }
        figures.add(new Figure("seconds", "time", "s",
                runs.stream().map(run -> Figure.Value.exact(run.seconds())).toList()));
        if (!runs.stream().allMatch(Run::hasJoules)) {
            return figures;
        }
        Results.Terms terms = results.terms;
        List<Figure.Value> joules = runs.stream().map(run -> value(run.energy().getTotal())).toList();
        figures.add(new Figure("joules", "energy", "J", joules));
        if (terms.units() != null) {
            figures.add(scaled("joules_per_unit", "energy per " + terms.unit(), "J", joules, 1 / terms.units()));
        }
        aboveIdle(results, runs).ifPresent(above -> {
            figures.add(new Figure("joules_above_idle", "energy above idle", "J", above));
            if (terms.units() != null) {
                figures.add(scaled("joules_above_idle_per_unit", "above idle per " + terms.unit(), "J", above,
                        1 / terms.units()));
            }
        });
        if (terms.carbon() != null) {
            figures.add(scaled("grams_co2e", "carbon", "g CO2e", joules, terms.carbon() / JOULES_PER_KWH));
        }
        if (terms.price() != null) {
            figures.add(scaled("price", "price", "", joules, terms.price() / JOULES_PER_KWH));
        }
        return figures;
    }

    /** One of the figures; empty when it is not known. */
    static Optional<Figure> of(Results results, int command, String key) {
        return of(results, command).stream().filter(figure -> figure.key().equals(key)).findFirst();
    }

    private static Optional<List<Figure.Value>> aboveIdle(Results results, List<Run> runs) {
        if (results.idle == null || !results.idle.getTotal().getValid()) {
            return Optional.empty();
        }
        Figure.Value idleWatts = value(results.idle.getTotal()).times(1 / results.idle.getSeconds());
        return Optional.of(runs.stream()
                .map(run -> value(run.energy().getTotal()).above(idleWatts.times(run.seconds()))).toList());
    }

    private static Figure scaled(String key, String label, String unit, List<Figure.Value> values, double factor) {
        return new Figure(key, label, unit, values.stream().map(value -> value.times(factor)).toList());
    }

    private static Figure.Value value(IntervalEnergy energy) {
        return new Figure.Value(energy.getJoules(), energy.getUncertaintyJoules(), energy.getLeastJoules(),
                energy.getMostJoules());
    }
}
