package telemetry.accounting.steps;

/** Whether power of unknown kind follows the load closely enough to tell where within a step the energy was used. */
public final class PowerSuitability {

    private static final int MIN_STEPS = 20;
    private static final double MEMORY = 0.98;
    /** Power has to foresee a step's energy so much better than the step before does; squares. */
    private static final double MAX_RATIO = 0.3;

    private int steps;
    private double byPower;
    private double byStepBefore;

    /** Takes in the newest step. */
    public void step(StepHistory history, PowerTrace power) {
        int last = history.last();
        if (last - history.first() < 2 || power.isEmpty()) {
            return;
        }
        long before = middle(history, last - 2);
        long begin = middle(history, last - 1);
        long end = middle(history, last);
        double energy = history.joules(last) - history.joules(last - 1);
        double energyBefore = history.joules(last - 1) - history.joules(last - 2);
        double seconds = (end - begin) / 1e9;
        double error = power.joules(begin, end) - energy;
        double change = energy - energyBefore / Math.max(1e-3, (begin - before) / 1e9) * seconds;
        byPower = MEMORY * byPower + error * error;
        byStepBefore = MEMORY * byStepBefore + change * change;
        steps++;
    }

    private static long middle(StepHistory history, int index) {
        return history.earliest(index) / 2 + history.latest(index) / 2;
    }

    public boolean isInstant() {
        return steps >= MIN_STEPS && byPower < MAX_RATIO * byStepBefore;
    }
}
