package collectors;

/** An option that was given changes nothing on this machine. */
public final class OptionWithoutEffectException extends CollectorUnavailableException {

    private static final long serialVersionUID = 1;

    /** The message names the option, and says what to do. */
    public OptionWithoutEffectException(String message) {
        super(message);
    }
}
