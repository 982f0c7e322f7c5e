package cli;

import collectors.host.OperatingSystem;
import java.io.IOException;

/** Why an address or a port could not be taken, and what to do. */
final class BindProblem {

    private BindProblem() {
    }

    /**
     * The reason in one line.
     *
     * @param option the one that sets the port
     */
    static String describe(IOException failure, String address, int port, String option, OperatingSystem system) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("Cannot assign")) {
                return address + " is no address of this machine: give one that is, such as 127.0.0.1, or 0.0.0.0 for "
                        + "all";
            }
            if (message.contains("in use")) {
                return "port " + port + " on " + address + " is in use: end what serves there, or give another port "
                        + "with " + option + " (0 takes a free one)";
            }
            if (message.contains("Permission denied")) {
                // Windows refuses ports that Hyper-V and others have reserved (WSAEACCES), whoever asks.
                return system == OperatingSystem.WINDOWS
                        ? "port " + port + " is reserved by Windows: give one outside of the ranges that 'netsh "
                                + "interface ipv4 show excludedportrange protocol=tcp' lists with " + option
                        : "port " + port + " is not permitted to this user: give one from 1024 up with " + option;
            }
        }
        return "cannot serve on " + address + " port " + port + ": " + failure.getMessage();
    }
}
