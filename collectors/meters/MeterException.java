package collectors.meters;

/** Says why a meter gave no power, in words for people. */
final class MeterException extends Exception {

    private static final long serialVersionUID = 1;

    private final String remedy;
    private final boolean refusal;

    private MeterException(String problem, String remedy, boolean refusal) {
        super(problem);
        this.remedy = remedy;
        this.refusal = refusal;
    }

    MeterException(String problem) {
        this(problem, "", false);
    }

    /** A problem that somebody has to mend. */
    MeterException(String problem, String remedy) {
        this(problem, remedy, false);
    }

    /** The meter does not let us in: whoever asks again and again locks the account. */
    static MeterException refusal(String problem, String remedy) {
        return new MeterException(problem, remedy, true);
    }

    /** What to do; empty when nobody can tell. */
    String remedy() {
        return remedy;
    }

    boolean isRefusal() {
        return refusal;
    }
}
