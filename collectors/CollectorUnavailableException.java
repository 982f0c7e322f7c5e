package collectors;

/** Says why a collector cannot work on this machine, in one line that a person can act on. */
public class CollectorUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final String remedy;

    public CollectorUnavailableException(String reason) {
        this(reason, "");
    }

    /** A reason with the command that would mend it. */
    public CollectorUnavailableException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    /** The command that would mend it; empty when there is none. */
    public String remedy() {
        return remedy;
    }
}
