package cli.install;

import cli.options.UserError;
import energy.EnergyMonitorGrpc;
import energy.HealthRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a monitor as Intelligence Per Watt's launcher does: asks Health every 0.25 s, and gives up after 5 s. */
final class TrialStart {

    static final int TIMEOUT_SECONDS = 5;

    private static final long PREPARE_TIMEOUT_SECONDS = 180;
    private static final long POLL_MILLIS = 250;
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
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long began = System.nanoTime();
        Process process = new ProcessBuilder(List.of(script.toString(), "--port", String.valueOf(port),
                "--bind-address", "127.0.0.1")).inheritIO().start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            while (seconds(began) < TIMEOUT_SECONDS && process.isAlive()) {
                if (isAnswered(channel)) {
                    return seconds(began);
                }
                Thread.sleep(POLL_MILLIS);
            }
            throw new UserError(script + " did not answer within " + TIMEOUT_SECONDS
                    + " s: see its messages above");
        } finally {
            channel.shutdownNow();
            process.destroy();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
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
