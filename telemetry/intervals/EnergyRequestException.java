package telemetry.intervals;

/** An interval whose energy cannot be told; the message says why, in one line. */
public final class EnergyRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong with the interval. */
    public enum Kind {
        /** It ends before it begins, or is empty. */
        REVERSED,
        /** It reaches into the future. */
        FUTURE,
        /** It begins before what is remembered. */
        TOO_OLD,
        /** Nothing; too many others wait for their answers. */
        BUSY
    }

    private final Kind kind;

    EnergyRequestException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What is wrong with the interval. */
    public Kind kind() {
        return kind;
    }
}
