package cli;

import collectors.gpu.NativeSearch;
import collectors.host.NativeHeap;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back that the start has left: reading and compiling classes takes megabytes, which the C library keeps for
 * later and a server hardly needs again.
 */
final class MemoryUpkeep {

    /** Most is compiled by the first one; the last pause is repeated, for what crowds of clients leave. */
    private static final long[] PAUSES_SECONDS = {10, 50, 600};

    /** Waits, as a thread does. */
    interface Pause {
        void seconds(long seconds) throws InterruptedException;
    }

    private MemoryUpkeep() {
    }

    /** Goes on until the thread is interrupted, or a signal ends the process. */
    static void run() throws InterruptedException {
        run(TimeUnit.SECONDS::sleep, MemoryUpkeep::trim);
    }

    static void run(Pause pause, Runnable upkeep) throws InterruptedException {
        for (int i = 0;; i = Math.min(i + 1, PAUSES_SECONDS.length - 1)) {
            pause.seconds(PAUSES_SECONDS[i]);
            upkeep.run();
        }
    }

    /** Where nothing has loaded JNA, loading it for this alone would take as much as it gives. */
    private static void trim() {
        if (NativeSearch.hasRun()) {
            NativeHeap.trim();
        }
    }
}
