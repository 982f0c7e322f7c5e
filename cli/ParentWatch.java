package cli;

import collectors.host.OperatingSystem;
import java.util.logging.Logger;

/** Ends this process when the one that started it has ended, so that a killed benchmark leaves no orphan. */
final class ParentWatch {

    private static final Logger LOG = Logger.getLogger(ParentWatch.class.getName());
    private static final long PERIOD_MILLIS = 500;

    private ParentWatch() {
    }

    /** Starts watching, in a thread of its own. */
    static void start() {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent == null && OperatingSystem.current() == OperatingSystem.WINDOWS) {
            end(); // Windows keeps a parent for as long as it lives: this one has ended already
            return;
        }
        if (parent == null) {
            // The first process of a container, for one, was started from outside of what it can see.
            LOG.warning("--exit-with-parent has no effect: the parent of this process is outside its container");
            return;
        }
        Thread thread = new Thread(() -> watch(parent), "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(ProcessHandle parent) {
        try {
            while (!hasEnded(parent)) {
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        end();
    }

    private static void end() {
        LOG.info("The process that started this monitor has ended, so the monitor ends");
        System.exit(0);
    }

    /** On Unix an orphan gets another parent at once, even while its own is still a zombie; on Windows it gets none. */
    private static boolean hasEnded(ProcessHandle parent) {
        return !parent.isAlive() || !ProcessHandle.current().parent().map(parent::equals).orElse(false);
    }
}
