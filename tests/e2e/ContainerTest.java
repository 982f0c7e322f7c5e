package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.SysfsTree;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The monitor where a container engine has put other things in the place of /sys. */
@Timeout(120)
class ContainerTest {

    @TempDir
    Path folder;

    @BeforeEach
    void requireNamespaces() throws Exception {
        assumeTrue(Tools.isInstalled("unshare") && new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none",
                folder.toString()).start().waitFor() == 0, "no mounts of its own can be made here with unshare");
    }

    @Test
    void theHostsSysIsReadWhereItIsMounted() throws Exception {
        new SysfsTree(Project.FIXTURES.resolve("sysfs/xeon-2-socket/sys.txt"), Files.createDirectory(folder.resolve("sys")));
        String empty = "mount -t tmpfs none /sys";
        JsonObject without = rapl(empty);
        assertThat(without.get("role").getAsString()).isEqualTo("refused");
        JsonObject with = rapl(empty, "--path.sysfs", folder.resolve("sys").toString());
        assertThat(with.get("role").getAsString()).isEqualTo("primary");
        assertThat(with.getAsJsonArray("devices")).isNotEmpty();
    }

    /** Engines hide the folder that RAPL's links lead to behind an empty one. */
    @Test
    void aHiddenPowercapIsToldWithWhatToMount() throws Exception {
        Path sys = Files.createDirectory(folder.resolve("sys"));
        new SysfsTree(Project.FIXTURES.resolve("sysfs/container-half-mounted/sys.txt"), sys);
        JsonObject rapl = rapl("mount -t tmpfs none " + sys.resolve("devices/virtual/powercap") + " && mount --rbind "
                + sys + " /sys");
        assertThat(rapl.get("role").getAsString()).isEqualTo("refused");
        assertThat(rapl.get("reason").getAsString()).endsWith("mount sys/devices/virtual/powercap as well");
    }

    /** What the doctor says of RAPL in a mount namespace made by a command. */
    private JsonObject rapl(String mounts, String... arguments) throws Exception {
        List<String> doctor = new ArrayList<>(List.of("doctor", "--json", "--time", "200ms"));
        doctor.addAll(List.of(arguments));
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", mounts + " && exec \"$@\"", "sh"));
        command.addAll(Project.java(doctor.toArray(String[]::new)));
        try (Program program = Program.start(Project.ROOT, Map.of(), command)) {
            program.exitCode();
            JsonObject report = JsonParser.parseString(String.join("\n", program.out())).getAsJsonObject();
            for (JsonElement collector : report.getAsJsonArray("collectors")) {
                if (collector.getAsJsonObject().get("name").getAsString().equals("rapl")) {
                    return collector.getAsJsonObject();
                }
            }
            throw new AssertionError(program);
        }
    }
}
