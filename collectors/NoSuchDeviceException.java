package collectors;

/** The devices that were asked for are not among a collector's. */
public final class NoSuchDeviceException extends CollectorUnavailableException {

    private static final long serialVersionUID = 1;

    public NoSuchDeviceException(String message) {
        super(message);
    }
}
