package cli.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The script that starts this monitor for Intelligence Per Watt. The process that runs it becomes the monitor. */
final class IpwStart {

    private static final String MARK = "Written by energy-monitor install-ipw";
    private static final int MARK_WITHIN_BYTES = 256;

    private final Path source;
    private final String flags;
    private final boolean windows;

    /**
     * A script.
     *
     * @param source  the folder with this monitor's sources
     * @param flags   what the monitor is started with besides the launcher's own
     * @param windows whether it is for Windows' command interpreter
     */
    IpwStart(Path source, String flags, boolean windows) {
        this.source = source;
        this.flags = flags;
        this.windows = windows;
    }

    /** Whether a file is such a script. A link is none: this command writes no links. */
    static boolean isOurs(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MARK_WITHIN_BYTES), StandardCharsets.ISO_8859_1).contains(MARK);
        }
    }

    String text() {
        String script = source.resolve("EnergyMonitor.java").toString();
        if (windows) {
            // The command interpreter reads the rest in the code page that is set first: 65001 is UTF-8.
            return """
                    @echo off
                    chcp 65001 >nul
                    rem %s; it knows how to remove it again.
                    jbang %s %s %%*
                    """.formatted(MARK, Quoting.forBatch(script), flags).replace("\n", "\r\n");
        }
        // A benchmark may run without the variables of the shell that this was installed from.
        return """
                #!/bin/sh
                # %1$s; --uninstall removes it again.
                [ -x %2$s/bin/java ] && export JAVA_HOME=%2$s
                exec %3$s %4$s %5$s "$@"
                """.formatted(MARK, Quoting.forScript(System.getProperty("java.home")),
                Quoting.forScript(source.resolve("jbangw").toString()), Quoting.forScript(script), flags);
    }
}
