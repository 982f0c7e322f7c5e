package cli.options;

/** Something that the user can mend: one line that says what was wrong and what to do. */
public final class UserError extends Exception {

    private static final long serialVersionUID = 1;

    public UserError(String message) {
        super(message);
    }
}
