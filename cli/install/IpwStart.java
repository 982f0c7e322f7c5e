package cli.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The script that starts this monitor for Intelligence Per Watt. The process that runs it becomes the monitor. */
final class IpwStart {

    private static final String MARK = "Written by energy-monitor install-ipw";

    private final Path source;
    private final boolean separateCpu;
    private final boolean windows;

    /**
     * A script.
     *
     * @param source      the folder with this monitor's sources
     * @param separateCpu whether the client reads the CPU's power from a field of its own, on macOS, too
     * @param windows     whether it is for Windows' command interpreter
     */
    IpwStart(Path source, boolean separateCpu, boolean windows) {
        this.source = source;
        this.separateCpu = separateCpu;
        this.windows = windows;
    }

    /** Whether a file is such a script. */
    static boolean isOurs(Path file) throws IOException {
        byte[] beginning = new byte[256];
        try (var in = Files.newInputStream(file)) {
            int length = in.readNBytes(beginning, 0, beginning.length);
            return new String(beginning, 0, length, StandardCharsets.ISO_8859_1).contains(MARK);
        }
    }

    String text() {
        String flags = "--exit-with-parent" + (separateCpu ? " --macos-power gpu" : "");
        Path script = source.resolve("EnergyMonitor.java");
        if (windows) {
            return String.join("\r\n", List.of("@echo off", "rem " + MARK + "; it knows how to remove it again.",
                    "jbang \"" + script + "\" " + flags + " %*", ""));
        }
        // A benchmark may run without the variables of the shell that this was installed from.
        String java = ShellWord.quoted(System.getProperty("java.home"));
        return String.join("\n", List.of("#!/bin/sh", "# " + MARK + "; --uninstall removes it again.",
                "[ -x " + java + "/bin/java ] && export JAVA_HOME=" + java,
                "exec " + ShellWord.quoted(source.resolve("jbangw").toString()) + " "
                        + ShellWord.quoted(script.toString()) + " " + flags + " \"$@\"", ""));
    }
}
