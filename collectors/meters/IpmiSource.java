package collectors.meters;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The machine's own controller, asked by {@code ipmitool dcmi power reading}: a child process for each answer. */
final class IpmiSource implements MeterSource {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 1 << 16;

    private final List<String> command;
    private final Duration timeout;

    /** Asks with a command that takes ipmitool's words. */
    IpmiSource(List<String> command) {
        this(command, TIMEOUT);
    }

    IpmiSource(List<String> command, Duration timeout) {
        this.command = new ArrayList<>(command);
        this.command.addAll(List.of("dcmi", "power", "reading"));
        this.timeout = timeout;
    }

    @Override
    public Reading read() throws MeterException, InterruptedException {
        Process child = start();
        try {
            child.getOutputStream().close();
            CompletableFuture<String> output = new CompletableFuture<>();
            Thread reader = new Thread(() -> output.complete(text(child.getInputStream())), "ipmitool-output");
            reader.setDaemon(true);
            reader.start();
            String said = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return DcmiPower.parse(said);
        } catch (TimeoutException e) {
            throw new MeterException("ipmitool did not answer within " + Math.max(1, timeout.toSeconds()) + " s");
        } catch (IOException | ExecutionException e) {
            throw new MeterException("ipmitool failed: " + e.getMessage());
        } finally {
            if (child.isAlive()) {
                child.descendants().forEach(ProcessHandle::destroyForcibly);
                child.destroyForcibly();
            }
        }
    }

    private Process start() throws MeterException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            return builder.start();
        } catch (IOException e) {
            throw new MeterException("there is no ipmitool", "install the package ipmitool");
        }
    }

    /** At most so much; the rest is thrown away, lest the child waits for its reader. */
    private static String text(InputStream in) {
        try (in) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            in.transferTo(OutputStream.nullOutputStream());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
