package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a thread has used so far, as proc(5) tells it.
 *
 * @param name       its first 15 letters
 * @param cpuSeconds from the scheduler's nanoseconds
 * @param waits      how often it has waited for something, and so has been woken up
 */
public record ThreadUse(String name, double cpuSeconds, long waits) {

    /** The part of a core below which a thread is not worth a row. */
    private static final double MIN_PERCENT = 0.005;
    private static final String WAITS = "voluntary_ctxt_switches:";

    /** Of all threads of a process, by their ids. */
    public static Map<String, ThreadUse> of(Path process) throws IOException {
        Map<String, ThreadUse> uses = new TreeMap<>();
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            for (Path thread : threads.toList()) {
                try {
                    uses.put(thread.getFileName().toString(), read(thread));
                } catch (NoSuchFileException e) {
                    // it ended since it was listed, and what it used is lost to us
                }
            }
        }
        return uses;
    }

    private static ThreadUse read(Path thread) throws IOException {
        long waits = Files.readAllLines(thread.resolve("status")).stream().filter(line -> line.startsWith(WAITS))
                .mapToLong(line -> Long.parseLong(line.substring(WAITS.length()).strip())).sum();
        return new ThreadUse(Files.readString(thread.resolve("comm")).strip(),
                Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]) / 1e9, waits);
    }

    /** Prints two rows for each thread that did something between two lists of the same process. */
    public static void print(Map<String, ThreadUse> before, Map<String, ThreadUse> after, double seconds) {
        after.forEach((id, now) -> {
            ThreadUse then = before.getOrDefault(id, new ThreadUse(now.name, 0, 0));
            double percent = 100 * (now.cpuSeconds - then.cpuSeconds) / seconds;
            if (percent >= MIN_PERCENT) {
                new Samples().add(percent).print("its thread " + now.name, "% of a core");
                new Samples().add((now.waits - then.waits) / seconds).print("which wakes up", "times a second");
            }
        });
    }
}
