package cli.install;

import cli.options.FileProblem;
import cli.options.UserError;
import cli.options.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion of commands and options for the user's shell. */
@Command(name = "completion", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        header = "Lets the shell complete commands and options.",
        description = {"", "Prints a script that lets bash, zsh or fish complete energy-monitor's commands and options, or "
                + "installs it for this user."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be installed; the reason is on stderr",
            "2:the command line was wrong"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor completion --install", "  source <(energy-monitor completion bash)",
            "  energy-monitor completion fish | source"})
public final class CompletionCommand implements Callable<Integer> {

    /** The name that 'jbang app install' gives the program. */
    private static final String PROGRAM = "energy-monitor";

    /** Shells that read the script. */
    enum Shell {
        BASH, ZSH, FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", arity = "0..1",
            description = "${COMPLETION-CANDIDATES}. Default: the shell that SHELL names")
    private Shell shell;

    @Option(names = "--install", description = "Write the script to the folder where the shell finds it")
    private boolean install;

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;

    public CompletionCommand() {
        this(System.getenv());
    }

    CompletionCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws UserError {
        Shell wanted = shell == null ? usualShell() : shell;
        String script = wanted == Shell.FISH ? FishCompletion.of(PROGRAM, spec.root().commandLine())
                : AutoComplete.bash(PROGRAM, spec.root().commandLine());
        PrintWriter out = spec.commandLine().getOut();
        if (!install) {
            out.print(script);
            out.flush();
            return 0;
        }
        Path file = file(wanted, environment, System.getProperty("user.home"));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, script);
        } catch (IOException e) {
            throw FileProblem.of(file, e);
        }
        out.println("Wrote " + file);
        String source = "source " + Quoting.forShell(file.toString());
        out.println(switch (wanted) {
            case BASH -> "New shells have it where the package bash-completion is installed. Now: " + source;
            case ZSH -> "Add to ~/.zshrc: " + source;
            case FISH -> "New shells have it. Now: " + source;
        });
        out.flush();
        return 0;
    }

    private Shell usualShell() {
        String path = environment.getOrDefault("SHELL", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        for (Shell known : Shell.values()) {
            if (known.toString().equals(name)) {
                return known;
            }
        }
        throw new ParameterException(spec.commandLine(),
                "SHELL names " + (name.isEmpty() ? "no shell" : "'" + name + "'") + ": give bash, zsh or fish");
    }

    /** Where bash-completion and fish look for a program's script; zsh has no such folder for a user. */
    static Path file(Shell shell, Map<String, String> environment, String home) {
        String data = environment.get("XDG_DATA_HOME");
        Path shared = data == null || data.isEmpty() ? Path.of(home, ".local", "share") : Path.of(data);
        return switch (shell) {
            case BASH -> shared.resolve("bash-completion/completions").resolve(PROGRAM);
            case ZSH -> shared.resolve(PROGRAM).resolve("completion.zsh");
            case FISH -> shared.resolve("fish/vendor_completions.d").resolve(PROGRAM + ".fish");
        };
    }
}
