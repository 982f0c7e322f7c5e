package bench.parts;

import bench.Child;
import bench.Clients;
import bench.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The monitor beside {@link FloorServer}, which does next to nothing with the same options, machine and libraries. */
public final class Floors {

    private static final List<String> CLASS_PATH_OPTIONS = List.of("-classpath", "-cp", "--class-path");

    private final Map<String, String> gpus;
    private final boolean quick;

    /** With the variables that show the GPUs. */
    public Floors(Map<String, String> gpus, boolean quick) {
        this.gpus = gpus;
        this.quick = quick;
    }

    /** All of them at 20 Hz over the same seconds. */
    public void floor() throws Exception {
        try (Child wake = start("wake"); Child send = start("send"); Child ask = start("ask");
                Child monitor = Child.start(Child.MONITOR, gpus);
                Clients sent = new Clients(send.port(), 1);
                Clients asked = new Clients(ask.port(), 1);
                Clients clients = new Clients(monitor.port(), 1)) {
            Thread.sleep(quick ? 40_000 : 60_000);
            List<Samples> cpu = List.of(new Samples(), new Samples(), new Samples(), new Samples());
            Streams.cpu(quick ? 4 : 8, List.of(wake, send, ask, monitor), cpu);
            cpu.get(0).print("floor: a thread that wakes up 20 times a second", "% of a core");
            cpu.get(1).print("floor: gRPC sends a ready message to 1 client at 20 Hz", "% of a core");
            cpu.get(2).print("floor: the same, and a second thread asks 8 GPUs before", "% of a core");
            cpu.get(3).print("the monitor beside them", "% of a core");
        }
    }

    private Child start(String what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Child.resolvedCommand(gpus));
        int at = -1;
        for (String option : CLASS_PATH_OPTIONS) {
            at = Math.max(at, command.indexOf(option));
        }
        if (at < 0) {
            throw new IOException("no class path in " + command);
        }
        command.set(at + 1, System.getProperty("java.class.path"));
        // An archive is of other classes.
        command.removeIf(option -> option.startsWith("-XX:SharedArchiveFile") || option.startsWith("-XX:AOTCache"));
        int port = Child.freePort();
        command.set(command.size() - 1, FloorServer.class.getName());
        command.addAll(List.of(String.valueOf(port), "50", what));
        return Child.startAs(command, gpus, port);
    }
}
