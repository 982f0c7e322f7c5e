package cli.measure.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcessEndTest {

    @TempDir
    Path procfs;

    /** Java itself would look after 1.38 s and after 1.8 s. */
    @Test
    void theEndOfAProcessOfOthersIsSeenAtOnce() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Process shell = new ProcessBuilder("/bin/sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!").start();
        long pid = Long.parseLong(new String(shell.getInputStream().readAllBytes()).strip());
        shell.waitFor();
        ProcessHandle orphan = ProcessHandle.of(pid).orElseThrow();
        long[] killed = new long[1];
        Thread killer = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(1420);
            } catch (InterruptedException e) {
                return;
            }
            killed[0] = System.nanoTime();
            orphan.destroyForcibly();
        });
        killer.start();
        new ProcessEnd(orphan).await();
        long seen = System.nanoTime();
        killer.join();
        assertThat((seen - killed[0]) / 1e9).isBetween(0.0, 0.25);
    }

    @Test
    void oneThatItsParentHasNotWaitedForHasEnded() throws Exception {
        assertThat(isOver("S", 1)).isFalse();
        assertThat(isOver("Z", 1)).isTrue();
        assertThat(isOver("Z", 3)).as("its first thread alone has ended").isFalse();
        Files.delete(stat());
        assertThat(new ProcessEnd(ProcessHandle.current(), procfs).isOver()).as("no /proc").isFalse();
    }

    private boolean isOver(String state, int threads) throws Exception {
        Files.createDirectories(stat().getParent());
        Files.writeString(stat(), ProcessHandle.current().pid() + " (a) Z (b) " + state
                + " 1 1 1 0 -1 4194560 90 0 0 0 0 0 0 0 20 0 " + threads + " 0 137 0 0\n");
        return new ProcessEnd(ProcessHandle.current(), procfs).isOver();
    }

    private Path stat() {
        return procfs.resolve(String.valueOf(ProcessHandle.current().pid())).resolve("stat");
    }
}
