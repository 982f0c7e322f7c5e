package cli;

import cli.options.Logging;
import server.Preload;

/** Where the program begins. In a package, because JBang cannot make one jar of all of a class without one. */
public final class Main {

    private Main() {
    }

    public static void main(String... arguments) {
        if (CommandLines.isServer(arguments)) {
            Preload.start(Logging::load);
        }
        int code = CommandLines.create(arguments).execute(arguments);
        Preload.await(); // what it unpacks is removed again
        System.exit(code);
    }
}
