package cli.install;

import cli.options.UserError;
import energy.DescribeRequest;
import energy.EnergyMonitorGrpc;
import energy.EnergyRequest;
import energy.HealthRequest;
import energy.MarkRequest;
import energy.StreamRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts a monitor as Intelligence Per Watt's launcher does: asks Health every 0.25 s, and gives up after 5 s. */
final class TrialStart {

    static final int TIMEOUT_SECONDS = 5;

    private static final long PREPARE_TIMEOUT_SECONDS = 180;
    /** Without Java's own archive of classes a start takes twice as long, and no launcher waits for it. */
    private static final int PATIENT_TIMEOUT_SECONDS = 60;
    private static final long POLL_MILLIS = 250;
    private static final long TIMED_POLL_MILLIS = 10;
    /** Java may write down, at its end, which classes it had loaded. */
    private static final long END_TIMEOUT_SECONDS = 30;
    private static final int READINGS = 3;
    private static final long CALL_TIMEOUT_MILLIS = 500;

    private TrialStart() {
    }

    /** Runs a command that prepares later starts. JBang reports on stderr what it fetches and compiles. */
    static void prepare(List<String> command) throws UserError, IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // as the script does
        Process process = builder.start();
        if (!process.waitFor(PREPARE_TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new UserError(String.join(" ", command) + " failed or took more than " + PREPARE_TIMEOUT_SECONDS
                    + " s: see its messages above");
        }
    }

    /** Seconds from the start to the first answer of Health, as the launcher would see it; ends the monitor again. */
    static double secondsToHealth(Path script) throws UserError, IOException, InterruptedException {
        return run(List.of(script.toString()), POLL_MILLIS, ProcessBuilder.Redirect.INHERIT, channel -> { });
    }

    /** The same of a command, to a hundredth of a second. */
    static double secondsToHealth(List<String> command) throws UserError, IOException, InterruptedException {
        return run(command, TIMED_POLL_MILLIS, ProcessBuilder.Redirect.DISCARD, channel -> { });
    }

    /** Starts a monitor, has it do what clients ask for most, and ends it as a signal does. */
    static void use(List<String> command) throws UserError, IOException, InterruptedException {
        run(command, POLL_MILLIS, ProcessBuilder.Redirect.DISCARD, TrialStart::askEverything);
    }

    private static double run(List<String> command, long pollMillis, ProcessBuilder.Redirect output,
                              Consumer<ManagedChannel> work) throws UserError, IOException, InterruptedException {
        int timeoutSeconds = output == ProcessBuilder.Redirect.INHERIT ? TIMEOUT_SECONDS : PATIENT_TIMEOUT_SECONDS;
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--port", String.valueOf(port), "--bind-address", "127.0.0.1"));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectOutput(output).redirectError(output);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        long began = System.nanoTime();
        Process process = builder.start();
        try {
            while (seconds(began) < timeoutSeconds && process.isAlive()) {
                if (isAnswered(channel)) {
                    double seconds = seconds(began);
                    work.accept(channel);
                    return seconds;
                }
                Thread.sleep(pollMillis);
            }
            throw new UserError(command.get(0) + " did not answer within " + timeoutSeconds
                    + " s" + (output == ProcessBuilder.Redirect.INHERIT ? ": see its messages above" : ""));
        } catch (StatusRuntimeException e) {
            throw new UserError(command.get(0) + " answered Health, but not what clients ask for then: "
                    + e.getStatus());
        } finally {
            channel.shutdownNow();
            process.destroy();
            if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static void askEverything(ManagedChannel channel) {
        EnergyMonitorGrpc.EnergyMonitorBlockingStub stub = EnergyMonitorGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        long from = stub.mark(MarkRequest.getDefaultInstance()).getTimestampNanos();
        for (StreamRequest request : List.of(StreamRequest.getDefaultInstance(),
                StreamRequest.newBuilder().setIncludeDevices(true).build())) {
            var readings = stub.streamTelemetry(request);
            for (int i = 0; i < READINGS; i++) {
                readings.next();
            }
        }
        stub.describe(DescribeRequest.getDefaultInstance());
        try {
            stub.energy(EnergyRequest.newBuilder().setFromNanos(from).build());
        } catch (StatusRuntimeException e) {
            // An interval may have no answer where nothing is measured.
        }
    }

    private static boolean isAnswered(ManagedChannel channel) {
        try {
            channel.resetConnectBackoff();
            askHealth(channel, CALL_TIMEOUT_MILLIS);
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Asks Health once; throws {@link StatusRuntimeException} when no answer came in time. */
    static void askHealth(ManagedChannel channel, long timeoutMillis) {
        EnergyMonitorGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                .health(HealthRequest.getDefaultInstance());
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
