package cli.install;

import cli.ServeCommand;
import cli.options.Printable;
import cli.options.SensorOptions;
import cli.options.UsageText;
import cli.options.UserError;
import cli.options.Version;
import collectors.host.OperatingSystem;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** Prints what makes the system run the monitor as a service. */
@Command(name = "service", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        customSynopsis = "energy-monitor service print [OPTION...] [-- FLAG...]",
        header = "Prints what makes systemd or launchd run the monitor.",
        description = {"", "Prints a unit for systemd or a property list for launchd that runs the monitor with the "
                + "flags given, and with no more privilege than it needs. It runs the jar that 'jbang export portable' "
                + "makes; the steps to install both come first."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was printed", "1:this system has neither systemd nor launchd",
            "2:the command line was wrong"},
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

    private static final String DEFAULT_JAR = "/opt/energy-monitor/energy-monitor.jar";
    /** What useradd and macOS make, and directories of companies: {@code name@realm}. Either manager refuses much else. */
    private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.@-]{0,62}\\$?");
    /** User= of systemd.exec takes a numeric ID as well. */
    private static final Pattern USER_OR_ID = Pattern.compile(USER + "|\\d{1,9}");

    @Parameters(index = "0", paramLabel = "print", description = "Print it, on stdout")
    private Action action;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "MANAGER",
            description = "systemd or launchd. Default: the one of this system. The monitor's own flags follow after --")
    private List<String> words = new ArrayList<>();

    @Option(names = "--jar", paramLabel = "FILE", defaultValue = DEFAULT_JAR,
            description = "Where the exported jar will be. Default: ${DEFAULT-VALUE}")
    private Path jar;

    @Option(names = "--user", paramLabel = "NAME",
            description = "The user to run as. Default: one that systemd makes up; with launchd root, which "
                    + "powermetrics needs where it is used")
    private String user;

    @Spec
    private CommandSpec spec;

    private final OperatingSystem system;

    public ServiceCommand() {
        this(OperatingSystem.current());
    }

    ServiceCommand(OperatingSystem system) {
        this.system = system;
    }

    @Override
    public Integer call() throws UserError {
        if (system == OperatingSystem.WINDOWS) {
            throw new UserError("Windows has neither systemd nor launchd. fix: as an administrator, schtasks /create "
                    + "/tn energy-monitor /sc onstart /ru SYSTEM /tr \"'C:\\path\\to\\javaw.exe' -jar "
                    + "'C:\\path\\to\\energy-monitor.jar'\", with the jar of: jbang export portable "
                    + "EnergyMonitor.java");
        }
        Manager manager = system == OperatingSystem.MACOS ? Manager.LAUNCHD : Manager.SYSTEMD;
        List<String> flags = new ArrayList<>(words);
        if (!flags.isEmpty() && !flags.get(0).startsWith("-")) {
            manager = manager(flags.remove(0));
        }
        check(flags);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        command.addAll(options());
        Path installed = jar.toAbsolutePath().normalize();
        if (jar.toString().isBlank() || Files.isDirectory(installed)) {
            throw SensorOptions.usage(spec, "--jar", "give the jar itself, such as " + DEFAULT_JAR);
        }
        command.addAll(List.of("-jar", installed.toString()));
        command.addAll(flags);
        requirePrintable(command);
        requirePrintable(user == null ? List.of() : List.of(user));
        if (user != null && !(manager == Manager.SYSTEMD ? USER_OR_ID : USER).matcher(user).matches()) {
            throw SensorOptions.usage(spec, "--user", Printable.of(user), "give the name of a user, of letters, digits, "
                    + "'_', '-' and '.'" + (manager == Manager.SYSTEMD ? ", or a number" : ""));
        }
        if (manager == Manager.LAUNCHD && installed.toString().contains("--")) {
            throw SensorOptions.usage(spec, "--jar", installed.toString(),
                    "give a path without '--', which cannot stand in a property list's comment");
        }
        spec.commandLine().getOut().print(manager == Manager.SYSTEMD
                ? SystemdUnit.text(command, installed, user) : LaunchdList.text(command, installed, user));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** A line break would begin another setting of the unit. */
    private void requirePrintable(List<String> values) {
        for (String value : values) {
            if (!Printable.isPrintable(value)) {
                throw new ParameterException(spec.commandLine(), "'" + Printable.of(value)
                        + "' has a line break or another control character in it: give it without");
            }
        }
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
            throw new ParameterException(spec.commandLine(), "the monitor's own flags: " + UsageText.of(e));
        }
    }

    /** The options that Java was started with, except the log and the archive of a prepared start. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xlog") && !option.contains("Archive")).toList();
    }
}
