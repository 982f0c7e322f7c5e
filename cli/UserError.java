package cli;

/** Something that the user can mend: one line that says what was wrong and what to do. */
final class UserError extends Exception {

    private static final long serialVersionUID = 1;

    UserError(String message) {
        super(message);
    }
}
