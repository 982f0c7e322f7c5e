package bench;

import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.MarkRequest;
import energy.StreamRequest;
import energy.TelemetryReading;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Clients of every kind that come and go: well-behaved ones, ones that break off, and ones that talk nonsense. */
public final class Crowd implements AutoCloseable {

    private static final int STEP_MILLIS = 200;
    private static final int MAX_STAY_SECONDS = 20;
    private static final int MAX_GPUS = 8;

    private interface Visit {
        void pay() throws Exception;
    }

    private final int port;
    private final int httpPort;
    private final Random random = new Random(1);
    private final ScheduledExecutorService door = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService visitors = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "visitor");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Integer> visits = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();

    public Crowd(int port, int httpPort) {
        this.port = port;
        this.httpPort = httpPort;
        door.scheduleAtFixedRate(this::admit, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void admit() {
        long stayMillis = 100 + random.nextInt(MAX_STAY_SECONDS * 1000);
        int gpu = random.nextInt(MAX_GPUS);
        switch (random.nextInt(8)) {
            case 0 -> admit("gRPC streams", () -> stream(StreamRequest.getDefaultInstance(), stayMillis));
            case 1 -> admit("gRPC streams of one GPU with details", () -> stream(StreamRequest.newBuilder()
                    .setIncludeDevices(true).addDevices(String.valueOf(gpu)).setIntervalMs(100).build(), stayMillis));
            case 2 -> admit("gRPC streams that nobody reads", () -> {
                try (AutoCloseable stalled = Clients.stalled(port)) {
                    Thread.sleep(stayMillis);
                }
            });
            case 3, 4 -> admit("Mark, work, Mark, Energy", () -> energy(stayMillis / 10));
            case 5 -> admit("scrapes of /metrics", () -> http("/metrics", Long.MAX_VALUE));
            case 6 -> admit("/readings over HTTP, broken off", () -> http("/readings", stayMillis));
            default -> admit("connections that talk nonsense or nothing", () -> nonsense(stayMillis));
        }
    }

    private void admit(String kind, Visit visit) {
        visitors.execute(() -> {
            count(visits, kind);
            try {
                visit.pay();
            } catch (Exception e) {
                count(failures, kind);
            }
        });
    }

    private void stream(StreamRequest request, long stayMillis) throws Exception {
        ManagedChannel channel = Clients.channel(port);
        int[] received = {0};
        EnergyMonitorGrpc.newStub(channel).streamTelemetry(request, new StreamObserver<TelemetryReading>() {
            @Override
            public void onNext(TelemetryReading reading) {
                received[0]++;
            }

            @Override
            public void onError(Throwable error) {
                // it is broken off below
            }

            @Override
            public void onCompleted() {
                // the monitor ended
            }
        });
        Thread.sleep(stayMillis);
        channel.shutdownNow();
        if (received[0] == 0) {
            throw new IOException("no reading came");
        }
    }

    private void energy(long workMillis) throws Exception {
        ManagedChannel channel = Clients.channel(port);
        try {
            var stub = EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
            long from = stub.mark(MarkRequest.getDefaultInstance()).getTimestampNanos();
            Thread.sleep(workMillis);
            long to = stub.mark(MarkRequest.getDefaultInstance()).getTimestampNanos();
            EnergyResponse energy = stub.energy(EnergyRequest.newBuilder().setFromNanos(from).setToNanos(to).build());
            if (energy.getDevicesCount() < MAX_GPUS) {
                throw new IOException("the answer lacks GPUs");
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private void http(String path, long stayMillis) throws IOException {
        long until = stayMillis == Long.MAX_VALUE ? stayMillis : System.nanoTime() + stayMillis * 1_000_000;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.setSoTimeout(5_000);
            socket.setSoLinger(stayMillis < MAX_STAY_SECONDS * 500, 0); // half of those that break off do so by a reset
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            byte[] bytes = new byte[8192];
            String begin = new String(bytes, 0, Math.max(0, answer.read(bytes)), StandardCharsets.US_ASCII);
            if (!begin.startsWith("HTTP/1.1 200")) {
                throw new IOException("the answer is " + begin);
            }
            while (System.nanoTime() < until && answer.read(bytes) > 0) {
                // what it says is not looked at
            }
        }
    }

    private void nonsense(long stayMillis) throws Exception {
        boolean overHttp = random.nextBoolean();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overHttp ? httpPort : port)) {
            if (random.nextBoolean()) {
                socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            Thread.sleep(stayMillis);
        }
    }

    private static void count(Map<String, Integer> counts, String kind) {
        synchronized (counts) {
            counts.merge(kind, 1, Integer::sum);
        }
    }

    /** Prints how many came, and how many of them did not get what they came for. */
    public void report() {
        System.out.println();
        System.out.println("| clients | came | got nothing |");
        System.out.println("| --- | --- | --- |");
        synchronized (visits) {
            visits.forEach((kind, count) -> System.out.println("| " + kind + " | " + count + " | "
                    + failures.getOrDefault(kind, 0) + " |"));
        }
    }

    @Override
    public void close() throws InterruptedException {
        door.shutdownNow();
        visitors.shutdown();
        visitors.awaitTermination(MAX_STAY_SECONDS + 5, TimeUnit.SECONDS);
    }
}
