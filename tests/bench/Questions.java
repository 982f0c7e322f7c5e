package bench;

import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.EnergyResponse;
import energy.MarkRequest;
import energy.MarkResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks a monitor for the energy of the last second, so many times a second, over one connection. */
public final class Questions implements AutoCloseable {

    private static final int BATCH_MILLIS = 5;

    private final ScheduledExecutorService asker = Executors.newSingleThreadScheduledExecutor();
    private final ManagedChannel channel;
    private final EnergyMonitorGrpc.EnergyMonitorStub stub;
    private final Samples marks = new Samples();
    private final Samples answers = new Samples();
    private final AtomicInteger failures = new AtomicInteger();

    public Questions(int port, int perSecond) {
        channel = Clients.channel(port);
        stub = EnergyMonitorGrpc.newStub(channel);
        int batch = perSecond * BATCH_MILLIS / 1000;
        asker.scheduleAtFixedRate(() -> {
            for (int i = 0; i < batch; i++) {
                ask();
            }
        }, 0, BATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ask() {
        long asked = System.nanoTime();
        stub.mark(MarkRequest.getDefaultInstance(), new Answer<MarkResponse>() {
            @Override
            public void onNext(MarkResponse mark) {
                marks.add((System.nanoTime() - asked) / 1e6);
                energy(mark.getTimestampNanos() - TimeUnit.SECONDS.toNanos(1), mark.getTimestampNanos());
            }
        });
    }

    private void energy(long from, long to) {
        long asked = System.nanoTime();
        stub.energy(EnergyRequest.newBuilder().setFromNanos(from).setToNanos(to).build(),
                new Answer<EnergyResponse>() {
                    @Override
                    public void onNext(EnergyResponse energy) {
                        answers.add((System.nanoTime() - asked) / 1e6);
                    }
                });
    }

    /** Prints how long the answers took. */
    public void report() {
        marks.print("time to the answer of Mark, then", "ms");
        answers.print("time to the answer of Energy until now, then", "ms");
        new Samples().add(failures.get()).print("of them failed", "");
    }

    @Override
    public void close() {
        asker.shutdownNow();
        channel.shutdownNow();
    }

    private abstract class Answer<T> implements StreamObserver<T> {

        @Override
        public void onError(Throwable error) {
            failures.incrementAndGet();
        }

        @Override
        public void onCompleted() {
            // the answer has come
        }
    }
}
