package bench;

import figures.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the monitor costs against the number of GPUs, clients, readings a second and files of /sys: tables, pictures. */
public final class Curves {

    private static final int[] GPUS = {1, 2, 4, 8, 16, 32, 64};
    private static final int[] CLIENTS = {0, 1, 10, 50, 100, 250, 500};
    private static final int[] INTERVAL_MILLIS = {1000, 200, 50, 20, 10, 5, 2, 1};
    private static final int[] DEVICES = {2, 8, 32, 128};

    private static final int WARM_UP_SECONDS = 20;
    private static final int WINDOW_MILLIS = 2_000;
    private static final int PASSES = 4;

    private final Map<String, String> environment;
    private final Path pictures;

    private Curves(Map<String, String> environment, Path pictures) {
        this.environment = environment;
        this.pictures = pictures;
    }

    /** Prints the tables and writes the pictures into a folder. The variables show the fake GPUs. */
    public static void run(Map<String, String> environment, Path pictures) throws Exception {
        Curves curves = new Curves(environment, pictures);
        curves.gpus();
        curves.clients();
        curves.rates();
        curves.sysfs();
    }

    private void gpus() throws Exception {
        try (Group group = new Group()) {
            for (int gpus : GPUS) {
                group.start(gpus, gpus(gpus));
            }
            group.measure();
            group.print("GPUs");
            plot("cost-gpus", new Plot("CPU against GPUs: 20 readings a second, 1 client", "GPUs", true, "% of a core", false)
                    .add("", group.points()));
        }
    }

    private void rates() throws Exception {
        try (Group group = new Group()) {
            for (int interval : INTERVAL_MILLIS) {
                group.start(1000.0 / interval, gpus(8), "--collection-interval-ms", String.valueOf(interval));
            }
            group.measure();
            group.print("readings a second");
            plot("cost-rate", new Plot("CPU against the rate: 8 GPUs, 1 client", "readings a second", true, "% of a core",
                    true).add("", group.points()));
        }
    }

    private void sysfs() throws Exception {
        Path folder = Files.createTempDirectory("bench-sysfs");
        try (Group zones = new Group(); Group meters = new Group();
                SysfsDevices files = new SysfsDevices(folder)) {
            for (int devices : DEVICES) {
                zones.start(devices, Map.of(), "--path.sysfs", files.zones(devices).toString());
                meters.start(devices, Map.of(), "--path.sysfs", files.meters(devices).toString());
            }
            Group.measure(List.of(zones, meters));
            zones.print("RAPL zones");
            meters.print("power meters of hwmon");
            plot("cost-sysfs", new Plot("CPU against devices below /sys: 20 readings a second, 1 client", "devices", true,
                    "% of a core", false).add("RAPL zones (counters)", zones.points())
                    .add("hwmon meters (power)", meters.points()));
        }
    }

    /** Up and down in turn, in one monitor, which is warm as one that serves many is. */
    private void clients() throws Exception {
        Map<Integer, Samples> cpu = new LinkedHashMap<>();
        Map<Integer, Samples> perReading = new LinkedHashMap<>();
        Map<Integer, Samples> lags = new LinkedHashMap<>();
        Map<Integer, Samples> memory = new LinkedHashMap<>();
        try (Child child = Child.start(Child.MONITOR, gpus(8))) {
            try (Clients warm = new Clients(child.port(), 50)) {
                Thread.sleep(WARM_UP_SECONDS * 1000L);
            }
            for (int pass = 0; pass < PASSES; pass++) {
                for (int i = 0; i < CLIENTS.length; i++) {
                    int count = CLIENTS[pass % 2 == 0 ? i : CLIENTS.length - 1 - i];
                    try (Clients clients = new Clients(child.port(), count)) {
                        Thread.sleep(Clients.settlingMillis(count));
                        clients.reset();
                        double before = child.cpuSeconds();
                        long began = System.nanoTime();
                        Thread.sleep(WINDOW_MILLIS);
                        double used = child.cpuSeconds() - before;
                        of(cpu, count).add(100 * used / ((System.nanoTime() - began) / 1e9));
                        of(memory, count).add(child.ownMegabytes());
                        if (count > 0) {
                            of(perReading, count).add(1e6 * used / clients.received());
                            of(lags, count).add(clients.worstLagMillis());
                        }
                    }
                }
            }
        }
        System.out.println("| clients | CPU, % of a core | for each delivered reading, us | worst lag, ms | RssAnon, MiB |");
        System.out.println("| --- | --- | --- | --- | --- |");
        List<Plot.Point> points = new ArrayList<>();
        for (int count : CLIENTS) {
            System.out.println("| " + count + " | " + of(cpu, count).spread() + " | " + text(perReading.get(count)) + " | "
                    + text(lags.get(count)) + " | " + of(memory, count).spread() + " |");
            points.add(new Plot.Point(count, of(cpu, count).spread()));
        }
        System.out.println();
        plot("cost-clients", new Plot("CPU against clients: 20 readings a second, 8 GPUs", "clients", false, "% of a core",
                false).add("", points));
    }

    private static Samples of(Map<Integer, Samples> all, int count) {
        return all.computeIfAbsent(count, none -> new Samples());
    }

    private static String text(Samples samples) {
        return samples == null ? "" : samples.spread().toString();
    }

    private Map<String, String> gpus(int count) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("FAKE_NVML", "gpus=" + count);
        return variables;
    }

    private void plot(String name, Plot plot) throws IOException {
        Files.writeString(pictures.resolve(name + ".svg"), plot.svg());
    }
}
