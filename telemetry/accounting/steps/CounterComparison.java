package telemetry.accounting.steps;

/**
 * Whether an energy counter can be believed: it is compared with integrated power from its first move on. Some drivers'
 * counters run in another unit than they say, or hardly at all (Zeus #113, ROCm/amdsmi #22). Nothing depends on how
 * often the device is asked.
 */
public final class CounterComparison {

    /** The verdict so far. */
    public enum Verdict { OPEN, BELIEVED, REFUSED }

    /** Nothing is decided sooner after the first move. */
    private static final double MIN_SECONDS = 0.5;
    /** A doubtful counter gets so long: power sensors may show a load that ended a second ago. */
    private static final double MAX_SECONDS = 5;
    /** Power sensors and counters disagree by up to 1.7 on idle devices (Zeus #181), and sensors lag behind. */
    private static final double CLOSE_FACTOR = 3;
    private static final double IMPOSSIBLE_FACTOR = 10;
    /** Below that, power says too little for a comparison. */
    private static final double MIN_JOULES = 1;

    /** So many jumps without a move between them. */
    private static final int MAX_JUMPS = 10;
    /** The factor of a counter that only jumps. */
    public static final double JUMPING = 0;

    private int jumps;
    private Verdict verdict = Verdict.OPEN;
    private boolean moved;
    private double counted;
    private double integrated;
    private double seconds;
    private double lastFactor;

    /**
     * Takes in that the counter moved.
     *
     * @param joules   that it counted since its move before
     * @param byPower  what power tells about that time, or negative when it tells nothing
     * @param duration the time in seconds
     */
    public void move(double joules, double byPower, double duration) {
        if (verdict == Verdict.REFUSED) {
            return;
        }
        if (!moved) {
            // What the first move tells contains what was used before.
            moved = true;
            return;
        }
        if (byPower < 0) {
            return;
        }
        jumps = 0;
        counted += joules;
        integrated += byPower;
        seconds += duration;
        judge();
    }

    /** Takes in that the counter was reset or jumped. One that does nothing else is of no use. */
    public void jump(boolean powered) {
        jumps++;
        if (powered && jumps >= MAX_JUMPS) {
            refuse(JUMPING);
        }
    }

    private void judge() {
        boolean comparable = integrated > MIN_JOULES;
        double factor = counted / Math.max(integrated, 1e-9);
        if (verdict == Verdict.OPEN && seconds >= MIN_SECONDS && comparable && factor > IMPOSSIBLE_FACTOR) {
            refuse(factor);
        } else if (verdict == Verdict.OPEN && seconds >= MIN_SECONDS && comparable && factor < CLOSE_FACTOR
                && factor > 1 / CLOSE_FACTOR) {
            verdict = Verdict.BELIEVED;
        } else if (seconds >= MAX_SECONDS) {
            if (comparable && (factor < 1 / IMPOSSIBLE_FACTOR || factor > IMPOSSIBLE_FACTOR)) {
                refuse(factor);
            } else if (verdict == Verdict.OPEN) {
                verdict = Verdict.BELIEVED;
            }
        }
        if (seconds >= MAX_SECONDS) {
            // The next stretch is judged by itself: what went well once does not vouch for later.
            counted = 0;
            integrated = 0;
            seconds = 0;
        }
    }

    private void refuse(double factor) {
        verdict = Verdict.REFUSED;
        lastFactor = factor;
    }

    /** There is no power to compare with: a counter that moved twice is all there is. */
    public void cannotCompare() {
        if (verdict == Verdict.OPEN && moved) {
            verdict = Verdict.BELIEVED;
        }
    }

    /** The counter was compared before, by somebody else. */
    public void believe() {
        if (verdict == Verdict.OPEN) {
            verdict = Verdict.BELIEVED;
        }
    }

    public Verdict verdict() {
        return verdict;
    }

    /** How many times too fast a refused counter ran; below 1 it was too slow; or {@link #JUMPING}. */
    public double factor() {
        return lastFactor;
    }
}
