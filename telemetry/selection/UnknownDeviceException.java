package telemetry.selection;

/** A name that fits no device, or several; the message says which there are, in one line. */
public final class UnknownDeviceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownDeviceException(String message) {
        super(message);
    }
}
