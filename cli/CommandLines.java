package cli;

import cli.doctor.DoctorCommand;
import cli.install.CompletionCommand;
import cli.install.InstallIpwCommand;
import cli.install.PrepareCommand;
import cli.install.ServiceCommand;
import cli.measure.MeasureCommand;
import cli.options.FileProblem;
import cli.options.OutputCharset;
import cli.options.Printable;
import cli.options.UsageText;
import cli.options.UserError;
import cli.record.RecordCommand;
import cli.watch.WatchCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The command line as it is run and tested: one clear line on stderr for every error. */
public final class CommandLines {

    private static final String MEASURE = "measure";
    private static final String COMPLETION = "completion";

    private CommandLines() {
    }

    /** The root command, ready to execute those arguments. */
    public static CommandLine create(String... arguments) {
        CommandLine commandLine = new CommandLine(new ServeCommand());
        if (mayNeedSubcommands(arguments)) {
            Map<String, Supplier<Object>> subcommands = subcommands();
            Supplier<Object> wanted = subcommands.get(arguments[0]);
            (wanted == null || arguments[0].equals(COMPLETION) ? subcommands.values() : List.of(wanted))
                    .forEach(subcommand -> commandLine.addSubcommand(subcommand.get()));
            commandLine.setOut(new PrintWriter(System.out, true, OutputCharset.stdout()));
            // What follows the command to be measured belongs to that command.
            commandLine.getSubcommands().forEach((name, subcommand) -> subcommand.setStopAtPositional(name.equals(MEASURE)));
        }
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(new Usage());
        commandLine.setExecutionExceptionHandler(new Failure());
        return commandLine;
    }

    /**
     * By their names, in the order of the help. Picocli is slow to learn them: who names one gets that alone, but for the
     * one that tells a shell of all.
     */
    private static Map<String, Supplier<Object>> subcommands() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("doctor", DoctorCommand::new);
        all.put(MEASURE, MeasureCommand::new);
        all.put("watch", WatchCommand::new);
        all.put("record", RecordCommand::new);
        all.put("service", ServiceCommand::new);
        all.put("install-ipw", InstallIpwCommand::new);
        all.put("prepare", PrepareCommand::new);
        all.put(COMPLETION, CompletionCommand::new);
        return all;
    }

    // Classes, because an archive of classes leaves out what a lambda has to do with ones as old as picocli's: for them,
    // every jar up to picocli's would be opened.

    /** One line for a command line that is wrong. */
    private static final class Usage implements CommandLine.IParameterExceptionHandler {

        @Override
        public int handleParseException(CommandLine.ParameterException error, String[] given) {
            String problem = UsageText.of(error);
            complain(error.getCommandLine(), problem + (problem.endsWith("?") ? "" : ".") + " Try '"
                    + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** One line for what a command could not do. */
    private static final class Failure implements CommandLine.IExecutionExceptionHandler {

        @Override
        public int handleExecutionException(Exception error, CommandLine command, CommandLine.ParseResult result)
                throws Exception {
            if (error instanceof UserError) {
                complain(command, error.getMessage());
            } else if (error instanceof IOException failure) {
                complain(command, FileProblem.describe(failure));
            } else {
                throw error;
            }
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Picocli is slow to learn the subcommands, and a launcher that waits for the server needs none of them. */
    private static boolean mayNeedSubcommands(String... arguments) {
        return arguments.length > 0 && (!arguments[0].startsWith("-") || List.of(arguments).contains("--help")
                || List.of(arguments).contains("-h"));
    }

    /** Whether these arguments may well be those of a server, so that it pays to load one already. */
    static boolean isServer(String... arguments) {
        return !mayNeedSubcommands(arguments) && !List.of(arguments).contains("--version")
                && !List.of(arguments).contains("-V");
    }

    private static void complain(CommandLine command, String message) {
        PrintWriter err = command.getErr();
        err.println("energy-monitor: " + Printable.of(message));
        err.flush();
    }
}
