package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class NvidiaAllocationTest {

    private static final int SWEEPS = 20_000;

    @Test
    void sweepOverEightGpusAllocatesNextToNothing() throws Exception {
        FakeNvml fake = FakeNvml.create();
        try (GpuCollector collector = fake.collector("gpus=8;gpu7.error=3", FakeNvml.ALL)) {
            sweep(collector, 0);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            byte[] known = new byte[1000];
            assertThat(threads.getThreadAllocatedBytes(thread) - before).as("counted").isGreaterThan(known.length);

            before = threads.getThreadAllocatedBytes(thread);
            sweep(collector, SWEEPS);
            double bytesPerSweep = (threads.getThreadAllocatedBytes(thread) - before) / (double) SWEEPS;
            assertThat(bytesPerSweep).isLessThan(200);
        }
    }

    /** A millisecond from one to the next, so that slow queries take part as they do at 1 kHz. */
    private static void sweep(GpuCollector collector, int from) {
        for (int i = from; i < from + SWEEPS; i++) {
            collector.collect(i * 1_000_000L);
        }
    }
}
