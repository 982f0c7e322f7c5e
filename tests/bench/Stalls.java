package telemetry.sampling;

import bench.Samples;
import collectors.FakeCollector;
import collectors.gpu.FakeNvml;
import collectors.host.Host;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import telemetry.wire.Reading;

/** How far apart readings come while a collector stalls for 1.8 s or hangs, at 20 Hz with 8 GPUs. */
public final class Stalls {

    private static final long INTERVAL_MILLIS = 50;
    private static final long STALL_MILLIS = 1_800;
    private static final long HANG_MILLIS = 5_000;

    private Stalls() {
    }

    /** Prints the gaps between readings in each case, so many times each. */
    public static void run(int times) throws Exception {
        for (boolean primary : List.of(true, false)) {
            String who = primary ? "primary" : "auxiliary";
            print("gap between readings, nothing stalls (" + who + ")", primary, 0, times);
            print("worst gap, the " + who + " collector stalls for 1.8 s", primary, STALL_MILLIS, times);
            print("worst gap, the " + who + " collector hangs", primary, HANG_MILLIS, times);
        }
    }

    private static void print(String what, boolean primary, long stallMillis, int times) throws Exception {
        Samples worst = new Samples();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        FakeCollector stalling = new FakeCollector("fake", FakeCollector.gpu("0", 100));
        Host host = new FixedHost();
        Broadcast broadcast = new Broadcast();
        Gaps gaps = new Gaps();
        broadcast.subscribe(gaps, false, 0).start();
        var gpus = FakeNvml.create().open("gpus=8");
        try (Sampler sampler = new Sampler(primary ? stalling : gpus, host, host.info(), broadcast, executor,
                INTERVAL_MILLIS)) {
            sampler.start();
            sampler.addAuxiliary(primary ? gpus : stalling);
            TimeUnit.SECONDS.sleep(2);
            for (int i = 0; i < times; i++) {
                gaps.worstNanos = 0;
                stalling.gate = new CountDownLatch(stallMillis == 0 ? 0 : 1);
                TimeUnit.MILLISECONDS.sleep(Math.max(STALL_MILLIS, stallMillis));
                stalling.gate.countDown();
                TimeUnit.MILLISECONDS.sleep(500);
                worst.add(gaps.worstNanos / 1e6);
            }
        } finally {
            executor.shutdownNow();
        }
        worst.print(what, "ms");
    }

    private static final class Gaps implements Broadcast.Subscriber {

        private long lastNanos;
        private volatile long worstNanos;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void send(Reading reading, long dropped) {
            long now = System.nanoTime();
            worstNanos = lastNanos == 0 ? 0 : Math.max(worstNanos, now - lastNanos);
            lastNanos = now;
        }

        @Override
        public void complete() {
            // the bench ends by itself
        }
    }
}
