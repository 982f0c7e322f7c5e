package e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The Python for the tests' clients: that of the variable {@code ENERGY_MONITOR_PYTHON}, else {@code python3}. */
public final class Python {

    private Python() {
    }

    /** Starts Python with the given arguments; the test is skipped where it or one of the modules is missing. */
    public static Program start(Path folder, List<String> modules, List<String> arguments)
            throws IOException, InterruptedException {
        String python = System.getenv().getOrDefault("ENERGY_MONITOR_PYTHON", "python3");
        String problem = problem(python, modules);
        Assumptions.assumeTrue(problem == null, "python is missing: " + problem);
        List<String> command = new ArrayList<>(List.of(python));
        command.addAll(arguments);
        return Program.start(folder, Map.of(), command);
    }

    private static String problem(String python, List<String> modules) throws InterruptedException {
        List<String> command = List.of(python, "-c", "import " + String.join(", ", modules));
        try (Program trial = Program.start(Project.ROOT, Map.of(), command)) {
            return trial.exitCode() == 0 ? null : String.join("; ", trial.err());
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
