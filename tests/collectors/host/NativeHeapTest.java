package collectors.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeHeapTest {

    private static final int BLOCKS = 20_000;
    /** Small enough for malloc to keep a freed one, and large enough for whole pages. */
    private static final int BLOCK_BYTES = 1024;
    private static final long KIB = 1024;

    @Test
    void givesBackWhatWasFreed() throws IOException {
        assumeTrue(hasGlibc(), "there is no malloc_trim here: glibc alone has it");
        long[] blocks = new long[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = Native.malloc(BLOCK_BYTES);
            new Pointer(blocks[i]).setMemory(0, BLOCK_BYTES, (byte) 1);
        }
        // The last one holds the end of the heap: without it malloc would give back the rest by itself.
        for (int i = 0; i < BLOCKS - 1; i++) {
            Native.free(blocks[i]);
        }
        long kept = ownKibibytes();
        assertThat(NativeHeap.trim()).isTrue();
        long left = ownKibibytes();
        Native.free(blocks[BLOCKS - 1]);
        assertThat(kept - left).as("KiB given back").isGreaterThan(BLOCKS / 2 * BLOCK_BYTES / KIB);
    }

    private static boolean hasGlibc() {
        if (OperatingSystem.current() != OperatingSystem.LINUX) {
            return false;
        }
        try {
            return NativeLibrary.getProcess().getFunction("malloc_trim") != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static long ownKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
    }
}
