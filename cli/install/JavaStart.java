package cli.install;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static final List<String> OF_AN_ARCHIVE = List.of("-Xlog", "-Xshare", "-XX:SharedArchiveFile=",
            "-XX:AOTCache=", "-XX:+IgnoreUnrecognizedVMOptions", "-D" + ARCHIVE_PROPERTY + "=");

    static JavaStart ofThisProcess() {
        return new JavaStart(Path.of(System.getProperty("java.home"), "bin", "java"),
                withoutArchive(ManagementFactory.getRuntimeMXBean().getInputArguments()),
                System.getProperty("java.class.path"));
    }

    /** The flags without those that name an archive. */
    static List<String> withoutArchive(List<String> flags) {
        return flags.stream().filter(flag -> OF_AN_ARCHIVE.stream().noneMatch(flag::startsWith)).toList();
    }

    /** The command that runs this monitor with further flags for Java. */
    List<String> monitor(List<String> more) {
        return command(Stream.concat(flags.stream(), more.stream()).toList(), "cli.Main");
    }

    /** A command that runs Java with the same classes. */
    List<String> command(List<String> flagsOfThis, String... last) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(flagsOfThis);
        command.add("-cp");
        command.add(classPath);
        command.addAll(List.of(last));
        return command;
    }
}
