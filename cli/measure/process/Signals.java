package cli.measure.process;

import collectors.host.OperatingSystem;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Passes the signals that we get on to the command while it runs. Those that ask for an end also end the measurement, in
 * order: the run that is going on is the last, and what was measured is reported. The JDK offers signals through sun.misc
 * only; without it, and for SIGQUIT, which the JVM keeps to itself, the defaults stay.
 */
public final class Signals {

    /** A process that a signal ended has the signal's number and this as its exit code. */
    private static final int FIRST_SIGNAL = 128;
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");
    private static final List<String> OTHERS = List.of("USR1", "USR2");

    private static final Logger LOG = Logger.getLogger(Signals.class.getName());

    private final Thread measuring = Thread.currentThread();
    private ChildCommand child;
    private int endingSignal;

    /** Handles signals from now on; the current thread is interrupted when one asks for an end while nothing runs. */
    public void handle() {
        // A terminal, or a Windows console, sends Ctrl-C to the command itself.
        boolean sendsInterrupt = OperatingSystem.current() != OperatingSystem.WINDOWS && !hasTerminal();
        for (String signal : ENDING) {
            handle(signal, true, !signal.equals("INT") || sendsInterrupt);
        }
        OTHERS.forEach(signal -> handle(signal, false, true));
    }

    /** From now on signals are that command's while it runs. */
    public synchronized void setChild(ChildCommand command) {
        child = command;
    }

    /** Whether the measurement is to end. */
    public synchronized boolean isEnding() {
        return endingSignal != 0;
    }

    /** The exit code of a process that was ended by the signal that we got; 0 when there was none. */
    public synchronized int exitCode() {
        return endingSignal == 0 ? 0 : FIRST_SIGNAL + endingSignal;
    }

    private void handle(String signal, boolean ends, boolean send) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handled = signalType.getConstructor(String.class).newInstance(signal);
            int number = (int) signalType.getMethod("getNumber").invoke(handled);
            Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            receive(signal, ends ? number : 0, send);
                        }
                        return null;
                    });
            signalType.getMethod("handle", signalType, handlerType).invoke(null, handled, handler);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "SIG" + signal + " is not handled here", e);
        }
    }

    private synchronized void receive(String signal, int endingNumber, boolean send) {
        boolean running = child != null && child.isRunning();
        if (running && send) {
            child.send(signal);
        }
        if (endingNumber == 0) {
            return;
        }
        if (!running) {
            if (endingSignal != 0) {
                Runtime.getRuntime().halt(FIRST_SIGNAL + endingNumber); // asked twice: at once
            }
            measuring.interrupt();
        }
        endingSignal = endingNumber;
    }

    private static boolean hasTerminal() {
        try (FileInputStream terminal = new FileInputStream("/dev/tty")) {
            return terminal.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }
}
