package cli.install;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How Java was started for this process, so that others can be started alike.
 *
 * @param java      the launcher
 * @param flags     for Java itself, but for those that name an archive of classes or say what is logged about it
 * @param classPath as it was given: an archive fits only the same words
 */
record JavaStart(Path java, List<String> flags, String classPath) {

    /** The property by which jbangw says where the archive belongs, without its ending. */
    static final String ARCHIVE_PROPERTY = "energy-monitor.archive";

    private static final String JAR = ".jar";
    private static final List<String> OF_AN_ARCHIVE = List.of("-Xlog", "-Xshare", "-XX:SharedArchiveFile=",
            "-XX:AOTCache=", "-XX:+IgnoreUnrecognizedVMOptions", "-D" + ARCHIVE_PROPERTY + "=");

    static JavaStart ofThisProcess() {
        JavaStart start = new JavaStart(Path.of(System.getProperty("java.home"), "bin", "java"),
                withoutArchive(ManagementFactory.getRuntimeMXBean().getInputArguments()),
                System.getProperty("java.class.path"));
        Path jar = start.exportedJar();
        return jar == null ? start : new JavaStart(start.java, start.flags, jar.toAbsolutePath().toString());
    }

    /** The flags without those that name an archive. */
    static List<String> withoutArchive(List<String> flags) {
        return flags.stream().filter(flag -> OF_AN_ARCHIVE.stream().noneMatch(flag::startsWith)).toList();
    }

    /** The jar that JBang exported, when Java was started with that alone; else null. */
    Path exportedJar() {
        return classPath.endsWith(JAR) && Files.isRegularFile(Path.of(classPath)) ? Path.of(classPath) : null;
    }

    /** The command that runs this monitor with further flags for Java. */
    List<String> monitor(List<String> more) {
        List<String> all = Stream.concat(flags.stream(), more.stream()).toList();
        return exportedJar() == null ? command(all, "cli.Main") : words(all, List.of("-jar", classPath));
    }

    /** A command that runs Java with the same classes. */
    List<String> command(List<String> flagsOfThis, String... last) {
        return words(flagsOfThis, Stream.concat(Stream.of("-cp", classPath), Stream.of(last)).toList());
    }

    private List<String> words(List<String> flagsOfThis, List<String> rest) {
        return Stream.of(List.of(java.toString()), flagsOfThis, rest).flatMap(List::stream).toList();
    }
}
