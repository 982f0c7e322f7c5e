package cli.measure;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that runs in our place: with our streams, and with the signals that are sent to us. */
final class ChildCommand {

    /** As shells tell it. */
    static final int NOT_FOUND = 127;
    static final int NOT_EXECUTABLE = 126;
    private static final int FIRST_SIGNAL = 128;
    /** A message that ends with {@code error=2, No such file} or, since JDK 23, {@code error: 2 (No such file)}. */
    private static final Pattern SYSTEM_ERROR =
            Pattern.compile("(?s).*error(?:=|: )(?<number>\\d+)(?:, | \\()(?<words>[^()]+)\\)?\\s*");
    private static final String EACCES = "13";

    private static final Logger LOG = Logger.getLogger(ChildCommand.class.getName());

    private final List<String> command;
    private Process process;

    ChildCommand(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * Runs the command to its end.
     *
     * @return its exit code; 128 and the number of the signal that ended it
     * @throws IOException when it cannot be started
     */
    int run() throws IOException, InterruptedException {
        synchronized (this) {
            process = new ProcessBuilder(command).inheritIO().start();
        }
        return process.waitFor();
    }

    /** Why the command could not be started: the system's words alone, of all that the JDK tells. */
    static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher matcher = SYSTEM_ERROR.matcher(message);
        return matcher.matches() ? matcher.group("words") : message;
    }

    /** The exit code of a shell for a command that could not be started for that reason. */
    static int exitCode(IOException failure) {
        Matcher matcher = SYSTEM_ERROR.matcher(String.valueOf(failure.getMessage()));
        return matcher.matches() && matcher.group("number").equals(EACCES) ? NOT_EXECUTABLE : NOT_FOUND;
    }

    /**
     * From now on SIGTERM and SIGHUP are the command's while it runs; so is SIGINT, which a terminal sends to it
     * itself. The JDK offers signals through sun.misc only; without it the defaults stay.
     */
    void takeSignals() {
        boolean terminal = hasTerminal();
        take("TERM", true);
        take("HUP", true);
        take("INT", !terminal);
    }

    private void take(String signal, boolean send) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object taken = signalType.getConstructor(String.class).newInstance(signal);
            int number = (int) signalType.getMethod("getNumber").invoke(taken);
            Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[]{handlerType},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            handle(signal, number, send);
                        }
                        return null;
                    });
            signalType.getMethod("handle", signalType, handlerType).invoke(null, taken, handler);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "SIG" + signal + " is not handled here", e);
        }
    }

    private synchronized void handle(String signal, int number, boolean send) {
        if (process == null || !process.isAlive()) {
            System.exit(FIRST_SIGNAL + number);
        }
        if (!send) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).inheritIO().start();
        } catch (IOException e) {
            process.destroy();
        }
    }

    private static boolean hasTerminal() {
        try (FileInputStream terminal = new FileInputStream("/dev/tty")) {
            return terminal.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }
}
