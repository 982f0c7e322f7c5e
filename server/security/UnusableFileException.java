package server.security;

/** A certificate, key or token file cannot be used; the message is one line that says which, why and what to do. */
public final class UnusableFileException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableFileException(String message) {
        super(message);
    }
}
