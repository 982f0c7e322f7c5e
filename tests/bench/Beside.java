package bench;

import figures.Spread;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two monitors in one run: pair by pair, each in turn the first, so that whatever else the machine does strikes both.
 * Ratios are those of the pairs.
 */
public final class Beside {

    private static final int WARM_UP_SECONDS = 20;
    private static final int[] CROWDS = {0, 1, 100};

    /** What one monitor gave, in units of its own. */
    private record Figure(String what, String unit) {
    }

    private final List<Contender> contenders;
    private final Map<String, String> environment;
    private final int pairs;
    private final int windowMillis;
    /** For each figure the measurements of the first and of the second contender, pair by pair. */
    private final Map<Figure, List<List<Double>>> figures = new LinkedHashMap<>();
    /** What gave nothing because a contender did not answer. */
    private final List<String> silences = new ArrayList<>();

    private Beside(Contender other, Map<String, String> environment, boolean quick) {
        contenders = List.of(Contender.ours(), other);
        this.environment = environment;
        pairs = quick ? 3 : 5;
        windowMillis = quick ? 3_000 : 4_000;
    }

    /** Measures both and prints the table. */
    public static void run(Contender other, Map<String, String> environment, boolean quick) throws Exception {
        Beside beside = new Beside(other, environment, quick);
        beside.starts();
        beside.streams(50, CROWDS);
        if (other.rated()) {
            beside.streams(1, new int[] {1});
        }
        beside.print();
    }

    private void starts() throws Exception {
        for (int pair = 0; pair < pairs; pair++) {
            for (int side : order(pair)) {
                long began = System.nanoTime();
                try (Child child = contenders.get(side).start(environment)) {
                    Clients.awaitHealth(child.port());
                    add("start to the first answer of Health", "s", side, (System.nanoTime() - began) / 1e9);
                    Clients.awaitPower(child.port());
                    add("start to the first reading with power", "s", side, (System.nanoTime() - began) / 1e9);
                }
            }
        }
    }

    private void streams(int intervalMillis, int[] crowds) throws Exception {
        try (Child ours = contenders.get(0).start(environment, intervalMillis);
                Child other = contenders.get(1).start(environment, intervalMillis)) {
            List<Child> children = List.of(ours, other);
            try (Clients first = new Clients(ours.port(), 1); Clients second = new Clients(other.port(), 1)) {
                Thread.sleep(WARM_UP_SECONDS * 1000L);
            }
            for (int crowd : crowds) {
                pairs(children, crowd, 1000 / intervalMillis);
            }
        }
    }

    /** So many pairs, or fewer when one of the two answers nobody any more. */
    private void pairs(List<Child> children, int crowd, int hertz) throws Exception {
        for (int pair = 0; pair < pairs; pair++) {
            for (int side : order(pair)) {
                try {
                    stream(children.get(side), side, crowd, hertz);
                } catch (StatusRuntimeException e) {
                    silences.add(contenders.get(side).name() + ": no answer, " + who(crowd, hertz) + ", pair "
                            + (pair + 1) + " of " + pairs + " (" + e.getStatus().getCode() + ")");
                    return;
                }
            }
        }
    }

    private static String who(int crowd, int hertz) {
        return crowd == 0 ? "nobody listening" : crowd + (crowd == 1 ? " client, " : " clients, ") + hertz + " Hz";
    }

    private void stream(Child child, int side, int crowd, int hertz) throws Exception {
        String who = who(crowd, hertz);
        try (Clients clients = new Clients(child.port(), crowd)) {
            Thread.sleep(Clients.settlingMillis(crowd));
            clients.reset();
            double before = child.cpuSeconds();
            long began = System.nanoTime();
            Thread.sleep(windowMillis);
            double seconds = (System.nanoTime() - began) / 1e9;
            double cpu = child.cpuSeconds() - before;
            add("CPU, " + who, "% of a core", side, 100 * cpu / seconds);
            if (crowd > 0) {
                add("readings a second of each client, " + who, "", side, clients.received() / seconds / crowd);
            }
            if (crowd > 1) {
                add("CPU for each delivered reading, " + who, "us", side, 1e6 * cpu / clients.received());
                add("worst lag of the median client, " + who, "ms", side, clients.worstLagMillis());
            }
            add("memory that no file backs, " + who, "MiB", side, child.ownMegabytes());
            add("resident memory, " + who, "MiB", side, child.residentMegabytes());
        }
    }

    private static int[] order(int pair) {
        return pair % 2 == 0 ? new int[] {0, 1} : new int[] {1, 0};
    }

    private void add(String what, String unit, int side, double value) {
        figures.computeIfAbsent(new Figure(what, unit), figure -> List.of(new ArrayList<>(), new ArrayList<>())).get(side)
                .add(value);
    }

    private void print() {
        System.out.println("| what | ours | beside | ours / beside |");
        System.out.println("| --- | --- | --- | --- |");
        figures.forEach((figure, sides) -> {
            int whole = Math.min(sides.get(0).size(), sides.get(1).size());
            if (whole == 0) {
                return;
            }
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < whole; pair++) {
                ratios.add(sides.get(0).get(pair) / sides.get(1).get(pair));
            }
            System.out.println("| " + figure.what + (figure.unit.isEmpty() ? "" : ", " + figure.unit) + " | "
                    + Spread.of(sides.get(0)) + " | " + Spread.of(sides.get(1)) + " | " + Spread.of(ratios) + " |");
        });
        silences.forEach(System.out::println);
    }
}
