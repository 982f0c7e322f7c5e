package lanes;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.UniqueId;

/**
 * A JVM that runs the classes of tests that it is handed, one at a time: its loaded libraries and its loggers are
 * theirs alone, while another runs others.
 */
public final class Worker implements AutoCloseable {

    private static final int START_LIMIT_MILLIS = 60_000;

    private final Process process;
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private Worker(Process process, Socket socket) throws IOException {
        this.process = process;
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /**
     * Starts one, with the options of this JVM. It prints where this one prints.
     *
     * @param startMillis what its lines count their seconds from
     */
    public static Worker start(long startMillis) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(START_LIMIT_MILLIS);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            // The monitor's own small heap makes millions of simulated looks a tenth slower.
            command.addAll(List.of("-Xms64m", "-Xmn32m", "-Xmx256m"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName(),
                    String.valueOf(server.getLocalPort()), String.valueOf(startMillis)));
            Process process = new ProcessBuilder(command).inheritIO().start();
            try {
                return new Worker(process, server.accept());
            } catch (IOException e) {
                process.destroyForcibly();
                throw e;
            }
        }
    }

    /**
     * Has it run a class of tests.
     *
     * @return false when it ended meanwhile: the class has failed, and the worker takes no more
     */
    public boolean run(Class<?> tests, Report report) {
        try {
            out.writeUTF(tests.getName());
            out.flush();
            report.add(Outcome.read(in));
            return true;
        } catch (IOException e) {
            report.fail(UniqueId.forEngine("junit-jupiter").append("class", tests.getName()), tests.getName(),
                    "the JVM that ran it has ended: " + e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.onExit().join();
    }

    /** The other side: runs what it is told to until the socket is closed. */
    public static void main(String... arguments) throws IOException {
        Report report = new Report(System.out, Long.parseLong(arguments[1]));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                Tests.run(in.readUTF(), report);
                report.take().write(out);
            }
        } catch (EOFException e) {
            System.exit(0); // whatever threads tests have left
        }
    }
}
