package cli;

import java.util.logging.Logger;

/** Ends this process when the one that started it has ended, so that a killed benchmark leaves no orphan. */
final class ParentWatch {

    private static final Logger LOG = Logger.getLogger(ParentWatch.class.getName());
    private static final long PERIOD_MILLIS = 500;

    private ParentWatch() {
    }

    /** Begins to watch, in a thread of its own. */
    static void start() {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent == null) {
            LOG.warning("--exit-with-parent has no effect: the process that started this one cannot be told");
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
        LOG.info("The process that started this one has ended: so does this one");
        System.exit(0);
    }

    /** An orphan gets another parent at once on Unix, even while its own is still a zombie; on Windows it keeps it. */
    private static boolean hasEnded(ProcessHandle parent) {
        return !parent.isAlive() || !ProcessHandle.current().parent().map(parent::equals).orElse(false);
    }
}
