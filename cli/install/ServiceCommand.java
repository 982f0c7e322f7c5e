package cli.install;

import cli.ServeCommand;
import cli.options.SensorOptions;
import cli.options.Version;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** Prints what makes the system run the monitor for good. */
@Command(name = "service", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor service print [OPTION...] [-- FLAG...]",
        header = "Prints what makes systemd or launchd run the monitor.",
        description = {"", "Prints a unit for systemd or a property list for launchd that runs the monitor with the "
                + "flags given, and with no more privilege than it needs. It runs the jar that 'jbang export portable' "
                + "makes; the steps to install both stand at its begin."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was printed", "2:the command line was wrong"},
        footerHeading = "%nExample:%n",
        footer = {"  energy-monitor service print systemd -- --http-port 8080"})
public final class ServiceCommand implements Callable<Integer> {

    /** What runs services. */
    enum Manager {
        SYSTEMD, LAUNCHD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private enum Action {
        PRINT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "print", description = "Print it, on stdout")
    private Action action;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "MANAGER",
            description = "systemd or launchd; without it, the one of this system. Behind -- the monitor's own flags")
    private List<String> words = new ArrayList<>();

    @Option(names = "--jar", paramLabel = "FILE", defaultValue = "/opt/energy-monitor/energy-monitor.jar",
            description = "Where the exported jar is to lie. Default: ${DEFAULT-VALUE}")
    private Path jar;

    @Option(names = "--user", paramLabel = "NAME",
            description = "The user to run as. Default: systemd makes one up; launchd takes root, as "
                    + "powermetrics needs")
    private String user;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Manager manager = System.getProperty("os.name").startsWith("Mac") ? Manager.LAUNCHD : Manager.SYSTEMD;
        List<String> flags = new ArrayList<>(words);
        if (!flags.isEmpty() && !flags.get(0).startsWith("-")) {
            manager = manager(flags.remove(0));
        }
        check(flags);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        command.addAll(options());
        Path installed = jar.toAbsolutePath().normalize();
        command.addAll(List.of("-jar", installed.toString()));
        command.addAll(flags);
        spec.commandLine().getOut().print(manager == Manager.SYSTEMD
                ? SystemdUnit.text(command, installed, user) : LaunchdList.text(command, installed, user));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Manager manager(String name) {
        return Stream.of(Manager.values()).filter(manager -> manager.toString().equals(name)).findFirst()
                .orElseThrow(() -> SensorOptions.usage(spec, "MANAGER", name, "give systemd or launchd"));
    }

    /** What the monitor would refuse is refused here. */
    private void check(List<String> flags) {
        try {
            new CommandLine(new ServeCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(flags.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new ParameterException(spec.commandLine(), "of the monitor's own flags: " + e.getMessage());
        }
    }

    /** The options that Java was started with, but for the log and the archive of a prepared start. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xlog") && !option.contains("Archive")).toList();
    }
}
