package cli.install;

import cli.options.FileProblem;
import cli.options.Logging;
import cli.options.UserError;
import cli.options.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts and streams as a server would, and keeps the classes that this loads ready for later starts. */
@Command(name = "prepare", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Makes later starts faster.",
        description = {"", "Compiles the monitor, and keeps the classes ready that a start loads: for starts through "
                + "jbangw, or beside an exported jar. Prints what it made and what that gains."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be done; the reason is on stderr"},
        footerHeading = "%nExamples:%n",
        footer = {"  ./jbangw EnergyMonitor.java prepare", "  java -jar monitor.jar prepare"})
public final class PrepareCommand implements Callable<Integer> {

    /** The shortest of them counts: what else the machine does can only make a start longer. */
    private static final int TIMED_STARTS = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, IOException, InterruptedException {
        Logging.off();
        JavaStart start = JavaStart.ofThisProcess();
        Path jar = start.exportedJar();
        String place = System.getProperty(JavaStart.ARCHIVE_PROPERTY);
        if (place == null && jar == null) {
            say("The monitor is compiled. Only jbangw without a jbang on the PATH (or with JBANGW_OWN=1) and exported "
                    + "jars start faster still: see docs/cost.md");
            return 0;
        }
        Path base = place != null ? Path.of(place) : withoutEnding(jar);
        FileProblem.requireWritableFolder(base);
        for (StartArchive.Kind kind : StartArchive.kinds(Runtime.version().feature())) {
            StartArchive known = new StartArchive(start, kind, base);
            if (known.fits()) {
                say(known.file() + " is up to date: remove it to have it made anew");
                sayHowToStart(start, place, known);
                return 0;
            }
        }
        StartArchive archive = make(start, base);
        double after = shortest(start.monitor(archive.using()));
        double before = shortest(start.monitor(List.of("-Xlog:disable")));
        say(String.format(Locale.ROOT, "Wrote %s (%.1f MB), the classes that a start loads, for JDK %s",
                archive.file(), Files.size(archive.file()) / 1e6, System.getProperty("java.version")));
        say(String.format(Locale.ROOT, "Health answers %.2f s after the start of Java with it, %.2f s without", after,
                before));
        sayHowToStart(start, place, archive);
        return 0;
    }

    /** jbangw takes what it finds at the place that it has named. */
    private void sayHowToStart(JavaStart start, String place, StartArchive archive) {
        if (place == null) {
            say("Start with: " + start.monitor(archive.using()).stream().map(Quoting::forShell)
                    .collect(Collectors.joining(" ")));
        }
    }

    private static StartArchive make(JavaStart start, Path base) throws UserError, IOException, InterruptedException {
        for (StartArchive.Kind kind : StartArchive.kinds(Runtime.version().feature())) {
            StartArchive archive = new StartArchive(start, kind, base);
            TrialStart.use(start.monitor(archive.noting()));
            if (archive.make().isPresent()) {
                return archive;
            }
        }
        throw new UserError("this Java (" + start.java() + ") made no archive of the classes: later starts are no "
                + "faster, but work");
    }

    private static double shortest(List<String> monitor) throws UserError, IOException, InterruptedException {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < TIMED_STARTS; i++) {
            shortest = Math.min(shortest, TrialStart.secondsToHealth(monitor));
        }
        return shortest;
    }

    private static Path withoutEnding(Path jar) {
        String name = jar.getFileName().toString();
        return jar.toAbsolutePath().resolveSibling(name.substring(0, name.lastIndexOf('.')));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
