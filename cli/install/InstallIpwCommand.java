package cli.install;

import cli.options.FileProblem;
import cli.options.UserError;
import cli.options.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a script that starts this monitor where Intelligence Per Watt looks for its own. */
@Command(name = "install-ipw", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        header = "Makes Intelligence Per Watt start this monitor.",
        description = {"", "Writes a script to the place where the package looks for its monitor, and starts it once "
                + "as the package would."},
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be done; the reason is on stderr", "2:the command line was wrong"},
        footerHeading = "%nExample:%n",
        footer = "  ./jbangw EnergyMonitor.java install-ipw ../intelligence-per-watt")
public final class InstallIpwCommand implements Callable<Integer> {

    private static final String SAVED_SUFFIX = ".before-install-ipw";

    @Parameters(paramLabel = "DIR",
            description = "A checkout of intelligence-per-watt, its package (ipw), or the package's telemetry/bin")
    private Path folder;

    @Option(names = "--dry-run", description = "Only print what would be done")
    private boolean dryRun;

    @Option(names = "--uninstall", description = "Remove the script, and put back what --force replaced")
    private boolean uninstall;

    @Option(names = "--force", description = "Replace a monitor that is not ours; it is kept in the same folder")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, IOException, InterruptedException {
        if (uninstall && force) {
            throw new ParameterException(spec.commandLine(), "--force has no effect with --uninstall: leave it out");
        }
        IpwPackage ipw = IpwPackage.find(folder);
        String platform = IpwPackage.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path monitor = ipw.monitor(platform);
        boolean windows = platform.startsWith("windows");
        Path script = windows ? monitor.resolveSibling("energy-monitor.cmd") : monitor;
        requireNoLinks(script);
        if (uninstall) {
            remove(script);
            return 0;
        }
        Path source = source();
        write(script, new IpwStart(source, ipw.flags(platform), windows).text());
        if (windows) {
            say("Its launcher looks for energy-monitor.exe, which a script cannot be: start this script first, and the "
                    + "launcher uses the monitor that it finds running");
        }
        if (!dryRun) {
            start(script, source, windows);
        }
        return 0;
    }

    private void write(Path script, String text) throws UserError, IOException {
        boolean exists = Files.exists(script, LinkOption.NOFOLLOW_LINKS);
        boolean ours = IpwStart.isOurs(script);
        if (ours && Files.readString(script).equals(text)) {
            say(script + " is up to date");
            return;
        }
        if (exists && !ours && !force) {
            throw new UserError(script + " exists and was not written by this command: give --force to replace it "
                    + "(it is kept, and --uninstall puts it back)");
        }
        if (dryRun) {
            say("Would write " + script + ":\n" + text);
            return;
        }
        if (exists && !ours) {
            Path saved = freeName(script);
            Files.move(script, saved);
            say("Kept the one that was there as " + saved);
        }
        try {
            Files.createDirectories(script.getParent());
            // Created anew and moved into place, so that a link with its name is replaced and never written through.
            Path created = Files.createTempFile(script.getParent(), ".energy-monitor", ".new");
            Files.writeString(created, text);
            // A shell reads a script to run it, whoever owns it, and this user's umask may deny that to others.
            if (!created.toFile().setReadable(true, false) || !created.toFile().setExecutable(true, false)) {
                Files.delete(created);
                throw new UserError(script + " cannot be made executable");
            }
            Files.move(created, script, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileProblem.of(script, e);
        }
        say("Wrote " + script);
    }

    private void remove(Path script) throws UserError, IOException {
        if (!Files.exists(script, LinkOption.NOFOLLOW_LINKS)) {
            say(script + " does not exist: nothing to remove");
            return;
        }
        if (!IpwStart.isOurs(script)) {
            throw new UserError(script + " was not written by this command: it is left as it is");
        }
        Path saved = saved(script, "");
        boolean restores = Files.exists(saved, LinkOption.NOFOLLOW_LINKS);
        String what = script + (restores ? " and put back the one before" : "");
        if (dryRun) {
            say("Would remove " + what);
            return;
        }
        if (restores) {
            Files.move(saved, script, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(script);
        }
        say("Removed " + what);
    }

    /** The launcher's own folders: a link there leads to a place that the user has not named. */
    private static void requireNoLinks(Path script) throws UserError {
        Path platform = script.getParent();
        for (Path folder : List.of(platform, platform.getParent())) {
            if (Files.isSymbolicLink(folder)) {
                throw new UserError(folder + " is a link, which this command does not follow. fix: replace it by a "
                        + "folder, or give the checkout that it leads to");
            }
        }
    }

    private static Path saved(Path script, String suffix) {
        return script.resolveSibling(script.getFileName() + SAVED_SUFFIX + suffix);
    }

    /** The first monitor that was saved is the one that --uninstall puts back: later ones get another name. */
    private static Path freeName(Path script) {
        Path free = saved(script, "");
        for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            free = saved(script, "." + i);
        }
        return free;
    }

    /** The folder with this monitor's sources: the one that jbangw names, else the current one. */
    private static Path source() throws UserError {
        List<String> places = new ArrayList<>();
        if (System.getenv("ENERGY_MONITOR_SOURCE") != null) {
            places.add(System.getenv("ENERGY_MONITOR_SOURCE"));
        }
        places.add("");
        for (String place : places) {
            Path source = Path.of(place).toAbsolutePath();
            if (Files.isExecutable(source.resolve("jbangw")) && Files.exists(source.resolve("EnergyMonitor.java"))) {
                return source;
            }
        }
        throw new UserError("the script has to name the folder that this monitor runs from. fix: in a clone "
                + "of energy-monitor, ./jbangw EnergyMonitor.java install-ipw DIR");
    }

    /** The first start prepares what later ones use; the second one is what Intelligence Per Watt will see. */
    private void start(Path script, Path source, boolean windows)
            throws UserError, IOException, InterruptedException {
        List<String> first = windows ? List.of(script.toString(), "--version")
                : List.of(source.resolve("jbangw").toString(), source.resolve("EnergyMonitor.java").toString(),
                        "prepare");
        try {
            TrialStart.prepare(first);
        } catch (UserError e) {
            say("Every start will be slower than it could be: " + e.getMessage()); // in a home that is read-only, say
        }
        double seconds = TrialStart.secondsToHealth(script);
        say(String.format(Locale.ROOT, "Started it as Intelligence Per Watt would: it answered after %.2f s "
                + "(it has %d s)", seconds, TrialStart.TIMEOUT_SECONDS));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
