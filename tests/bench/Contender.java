package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A monitor that speaks the contract, to be measured beside another one.
 *
 * @param name    what the table calls it
 * @param command its words; {@code {port}} and {@code {interval_ms}} in them stand for those values
 * @param rated   whether it can be told its interval
 */
public record Contender(String name, List<String> command, boolean rated) {

    private static final int DEFAULT_INTERVAL_MILLIS = 50;
    private static final List<String> FLAGS = List.of("--port", "{port}", "--collection-interval-ms", "{interval_ms}");

    /** This project's monitor. */
    public static Contender ours() {
        List<String> command = new ArrayList<>(Child.MONITOR);
        command.addAll(FLAGS);
        command.addAll(List.of("--log-level", "warn"));
        return new Contender("ours", command, true);
    }

    /**
     * The one that an argument names: a program that takes {@code --port} and {@code --collection-interval-ms}, or a
     * command of the shell with {@code {port}}, and perhaps {@code {interval_ms}}, where the values belong.
     *
     * @throws IllegalArgumentException when it is neither, with what to do
     */
    public static Contender of(String argument) {
        if (argument.contains("{port}")) {
            return new Contender("beside", List.of("sh", "-c", "exec " + argument), argument.contains("{interval_ms}"));
        }
        Path program = Path.of(argument);
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new IllegalArgumentException("--beside " + argument + ": no such program; name one that takes --port, or"
                    + " a command with {port} in it, such as 'java -jar monitor.jar --port {port}'");
        }
        List<String> command = new ArrayList<>(List.of(program.toAbsolutePath().toString()));
        command.addAll(FLAGS);
        return new Contender("beside", command, true);
    }

    /** Starts it at the interval that both have by themselves. */
    public Child start(Map<String, String> environment) throws IOException {
        return start(environment, DEFAULT_INTERVAL_MILLIS);
    }

    /** Starts it at an interval, which is its own where it cannot be told. */
    public Child start(Map<String, String> environment, int intervalMillis) throws IOException {
        int port = Child.freePort();
        return Child.startAs(command.stream().map(word -> word.replace("{port}", String.valueOf(port))
                .replace("{interval_ms}", String.valueOf(intervalMillis))).toList(), environment, port);
    }
}
