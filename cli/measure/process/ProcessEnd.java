package cli.measure.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a process has ended that others have started. {@link ProcessHandle#onExit} looks at such a one 0.3 s after
 * the begin and ever more rarely, every 5 s in the end, and does not see the end of one that its parent has not waited for.
 */
public final class ProcessEnd {

    /** Two looks in a hundredth of a second, some 20 microseconds each, are no load. */
    private static final long PERIOD_MILLIS = 5;
    /** Places in Linux's /proc/PID/stat, behind the name in brackets (proc_pid_stat(5)). */
    private static final int STATE = 0;
    private static final int THREADS = 17;

    private final ProcessHandle process;
    private final Path stat;

    /** For a process of this machine. */
    public ProcessEnd(ProcessHandle process) {
        this(process, Path.of("/proc"));
    }

    ProcessEnd(ProcessHandle process, Path procfs) {
        this.process = process;
        this.stat = procfs.resolve(String.valueOf(process.pid())).resolve("stat");
    }

    /** Returns as soon as it has ended. */
    public void await() throws InterruptedException {
        while (!isOver()) {
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
        }
    }

    /** Whether it has ended, even if its parent does not know yet. */
    public boolean isOver() {
        return !process.isAlive() || isZombie();
    }

    /** The first thread may have ended before the others, and looks like a process that has. */
    private boolean isZombie() {
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ");
            return fields.length > THREADS && fields[STATE].equals("Z") && fields[THREADS].equals("1");
        } catch (IOException e) {
            return false; // no Linux, or it has ended just now
        }
    }
}
