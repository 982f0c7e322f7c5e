package bench;

import figures.Plot;
import figures.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Monitors that differ in one thing and are measured over the same seconds, each with a client. */
final class Group implements AutoCloseable {

    private record Member(double x, Child child, Clients client, Samples cpu, Samples memory) {
    }

    private static final int WARM_UP_SECONDS = 20;
    private static final int WINDOWS = 5;
    private static final int WINDOW_MILLIS = 4_000;

    private final List<Member> members = new ArrayList<>();

    void start(double x, Map<String, String> environment, String... flags) throws Exception {
        Child child = Child.start(Child.MONITOR, environment, flags);
        members.add(new Member(x, child, new Clients(child.port(), 1), new Samples(), new Samples()));
    }

    void measure() throws Exception {
        measure(List.of(this));
    }

    static void measure(List<Group> groups) throws Exception {
        Thread.sleep(WARM_UP_SECONDS * 1000L);
        List<Member> all = groups.stream().flatMap(group -> group.members.stream()).toList();
        for (int window = 0; window < WINDOWS; window++) {
            double[] before = new double[all.size()];
            for (int i = 0; i < before.length; i++) {
                before[i] = all.get(i).child.cpuSeconds();
            }
            long began = System.nanoTime();
            Thread.sleep(WINDOW_MILLIS);
            double seconds = (System.nanoTime() - began) / 1e9;
            for (int i = 0; i < before.length; i++) {
                Member member = all.get(i);
                member.cpu.add(100 * (member.child.cpuSeconds() - before[i]) / seconds);
                member.memory.add(member.child.ownMegabytes());
            }
        }
    }

    void print(String what) {
        System.out.println("| " + what + " | CPU, % of a core | RssAnon, MiB |");
        System.out.println("| --- | --- | --- |");
        for (Member member : members) {
            System.out.println("| " + Spread.text(member.x) + " | " + member.cpu.spread() + " | "
                    + member.memory.spread() + " |");
        }
        System.out.println();
    }

    List<Plot.Point> points() {
        return members.stream().map(member -> new Plot.Point(member.x, member.cpu.spread())).toList();
    }

    @Override
    public void close() throws IOException {
        for (Member member : members) {
            member.client.close();
            member.child.close();
        }
    }
}
