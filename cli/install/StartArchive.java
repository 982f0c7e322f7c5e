package cli.install;

import cli.options.FileProblem;
import cli.options.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The classes that a start loads, ready made: an AOT cache where Java can use one (JEP 514, from JDK 25 on), else an
 * archive of class data (JEP 310). Java holds it against itself and the jars, and goes without one that does not fit.
 */
final class StartArchive {

    /** Both kinds, the better one first. */
    enum Kind {
        AOT(".aot"), CLASS_DATA(".jsa");

        private final String ending;

        Kind(String ending) {
            this.ending = ending;
        }
    }

    private static final int FIRST_JDK_WITH_AOT = 25;
    private static final long TIMEOUT_SECONDS = 120;

    private final JavaStart start;
    private final Kind kind;
    private final Path base;
    private final Path list;
    private final Path unfinished;

    /**
     * An archive that does not exist yet.
     *
     * @param base where it belongs, without the ending of its kind
     */
    StartArchive(JavaStart start, Kind kind, Path base) {
        this.start = start;
        this.kind = kind;
        this.base = base;
        String own = base.getFileName() + "." + ProcessHandle.current().pid();
        list = base.resolveSibling(own + ".list");
        unfinished = base.resolveSibling(own + ".new");
    }

    /** The kinds that a Java of this version can make. */
    static List<Kind> kinds(int jdk) {
        return jdk >= FIRST_JDK_WITH_AOT ? List.of(Kind.values()) : List.of(Kind.CLASS_DATA);
    }

    Path file() {
        return base.resolveSibling(base.getFileName() + kind.ending);
    }

    /**
     * The flags of a start that notes what it loads; what it has noted is complete when it has ended. Not how often each
     * method ran (JEP 515): a start that knows compiles them all at once, and takes a fifth more CPU.
     */
    List<String> noting() {
        return kind == Kind.AOT
                ? List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + list, "-Xlog:disable",
                        "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining")
                : List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + list);
    }

    /** The flags of a start that uses it. What Java has to say of an archive that does not fit goes nowhere. */
    List<String> using() {
        return List.of("-Xlog:disable", (kind == Kind.AOT ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file());
    }

    /** Whether it is there and of this Java and these jars: Java, told to use it or else not to start, starts. */
    boolean fits() throws IOException, InterruptedException {
        List<String> insisting = Stream.concat(using().stream(),
                Stream.of(kind == Kind.AOT ? "-XX:AOTMode=on" : "-Xshare:on")).toList();
        return Files.exists(file())
                && runs(Stream.concat(start.monitor(insisting).stream(), Stream.of("--version")).toList());
    }

    /**
     * Makes it of what a start has noted, in place of any other.
     *
     * @return empty when Java could not make it
     */
    Optional<StartArchive> make() throws UserError, IOException, InterruptedException {
        try {
            if (!Files.exists(list) || !runs(making()) || !Files.exists(unfinished)) {
                return Optional.empty();
            }
            for (Kind other : Kind.values()) {
                Files.deleteIfExists(base.resolveSibling(base.getFileName() + other.ending));
            }
            Files.move(unfinished, file(), StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(this);
        } catch (IOException e) {
            throw FileProblem.of(file(), e);
        } finally {
            Files.deleteIfExists(list);
            Files.deleteIfExists(unfinished);
        }
    }

    /** The objects among the classes can be written by G1 alone, and read by all. */
    private List<String> making() {
        return kind == Kind.AOT
                ? start.command(with("-XX:AOTMode=create", "-XX:AOTConfiguration=" + list, "-XX:AOTCache=" + unfinished))
                : start.command(List.of("-Xshare:dump", "-XX:+UseG1GC", "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + unfinished));
    }

    private List<String> with(String... flags) {
        return Stream.concat(start.flags().stream(), List.of(flags).stream()).toList();
    }

    private static boolean runs(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}
