package telemetry.sampling;

import bench.Samples;
import collectors.gpu.FakeNvml;
import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import telemetry.wire.Reading;

/** The sampler's loop without its pauses: many readings of 8 GPUs in little time, and what they leave behind. */
public final class SamplerLoop {

    private static final int WARM_UP = 100_000;

    private SamplerLoop() {
    }

    /** Makes that many readings for one subscriber and prints what they allocate and whether anything grows. */
    public static void run(long readings) throws Exception {
        Broadcast broadcast = new Broadcast();
        long[] received = {0};
        broadcast.subscribe(new Broadcast.Subscriber() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void send(Reading reading, long dropped) {
                received[0]++;
            }

            @Override
            public void complete() {
                // nothing is held
            }
        }, false, 0).start();
        Sampler sampler = new Sampler(FakeNvml.create().open("gpus=8"), new FixedHost(), new FixedHost().info(),
                broadcast, Executors.newSingleThreadScheduledExecutor(), 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        loop(sampler, WARM_UP);
        System.gc();
        long files = openFiles();
        double resident = residentMegabytes();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        loop(sampler, readings);
        double seconds = (System.nanoTime() - began) / 1e9;
        double bytes = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / readings;
        System.gc();
        if (received[0] != readings + WARM_UP) {
            throw new IllegalStateException(received[0] + " readings came");
        }
        row("sampler's loop: allocated per reading", bytes, "bytes");
        row("sampler's loop: CPU per reading, 8 GPUs", 1e6 * seconds / readings, "us");
        row("memory of the bench itself before " + readings + " readings", resident, "MiB");
        row("the same after them", residentMegabytes(), "MiB");
        row("open files before and after: difference", openFiles() - files, "");
        sampler.close();
    }

    private static void loop(Sampler sampler, long readings) {
        for (long i = 0; i < readings; i++) {
            sampler.sample(System.nanoTime());
        }
    }

    private static void row(String what, double value, String unit) {
        new Samples().add(value).print(what, unit);
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getOpenFileDescriptorCount();
    }

    private static double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow() / 1024.0;
    }
}
