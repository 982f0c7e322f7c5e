package telemetry.accounting;

/**
 * Whether an energy counter can be believed: at first it is compared with integrated power. Some drivers' counters run
 * in another unit than they say, or hardly at all (Zeus #113, ROCm/amdsmi #22).
 */
final class CounterTrial {

    /** Too fast is told so soon. */
    private static final double FAST_SECONDS = 0.5;
    /** Too slow takes longer: some power sensors lag by a second, and show a load that has ended. */
    private static final double SLOW_SECONDS = 5;
    /** Power sensors and counters disagree by up to 1.7 on idle devices (Zeus #181), and sensors lag behind. */
    private static final double IMPOSSIBLE_FACTOR = 10;
    /** In the first half second, what is counted is shown up to so many times what is integrated. */
    private static final double SHOWN_FACTOR = 3;
    /** Below that, power says too little for a comparison. */
    private static final double LEAST_JOULES = 1;

    /** With holes so many there is nothing to compare with, and the counter is all there is. */
    private static final int MOST_INTERRUPTIONS = 10;

    private boolean begun;
    private boolean open;
    private boolean refused;
    private int interruptions;
    /** For half a second the counter was not too fast. */
    private boolean passable;
    private double beginJoules;
    private double integrated;

    /** The comparison begins with the first move, which may contain what was used before. */
    private boolean moved;
    private long moveNanos;
    private double integratedAtMove;
    private double counted;

    /** Begins when so many joules are known. */
    void begin(double knownJoules) {
        begun = true;
        open = true;
        passable = false;
        beginJoules = knownJoules;
        integrated = 0;
        moved = false;
        counted = 0;
    }

    /** Power or the counter was missing for a while: the comparison begins anew, unless that happens all the time. */
    void interrupt() {
        interruptions++;
        open = interruptions < MOST_INTERRUPTIONS;
        moved = false;
        counted = 0;
    }

    /** Takes in what power gave. */
    void integrate(double joules) {
        integrated += joules;
    }

    /**
     * Takes in that the counter moved at the given {@link System#nanoTime}. It may move as seldom as it likes: the
     * trial ends with a move.
     */
    void count(double joules, long nowNanos) {
        if (!open) {
            return;
        }
        if (!moved) {
            moved = true;
            moveNanos = nowNanos;
            integratedAtMove = integrated;
            return;
        }
        counted += joules;
        double seconds = (nowNanos - moveNanos) / 1e9;
        if (seconds < FAST_SECONDS) {
            return;
        }
        passable = true;
        double expected = integrated - integratedAtMove;
        boolean comparable = expected > LEAST_JOULES;
        if (comparable && counted > IMPOSSIBLE_FACTOR * expected) {
            refused = true;
        } else if (seconds >= SLOW_SECONDS) {
            refused = comparable && counted < expected / IMPOSSIBLE_FACTOR;
            open = false;
        }
    }

    boolean isBegun() {
        return begun;
    }

    boolean isOpen() {
        return open;
    }

    boolean isRefused() {
        return refused;
    }

    /** The most joules that may be shown of a counter that is not believed yet. */
    double mostJoules() {
        return open && !passable ? beginJoules + SHOWN_FACTOR * integrated : Double.MAX_VALUE;
    }

    /** The joules by power alone. */
    double integratedJoules() {
        return beginJoules + integrated;
    }
}
