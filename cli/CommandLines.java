package cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/** The command line as it is run and tested: one clear line on stderr for every error. */
public final class CommandLines {

    private CommandLines() {
    }

    /** The root command, ready to be executed. */
    public static CommandLine create() {
        CommandLine commandLine = new CommandLine(new ServeCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((error, arguments) -> {
            complain(error.getCommandLine(), error.getMessage().lines().findFirst().orElse("")
                    + ". Try '" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((error, command, result) -> {
            if (!(error instanceof UserError)) {
                throw error;
            }
            complain(command, error.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    private static void complain(CommandLine command, String message) {
        PrintWriter err = command.getErr();
        err.println("energy-monitor: " + message);
        err.flush();
    }
}
