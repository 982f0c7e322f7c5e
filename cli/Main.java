package cli;

/** Where the program begins. In a package, because JBang cannot make one jar of all of a class without one. */
public final class Main {

    private Main() {
    }

    public static void main(String... arguments) {
        System.exit(CommandLines.create(arguments).execute(arguments));
    }
}
