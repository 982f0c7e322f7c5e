package collectors;

/** Says why a collector cannot work on this machine, in one line that a person can act on. */
public class CollectorUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    public CollectorUnavailableException(String reason) {
        super(reason);
    }
}
