package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.SysfsTree;
import collectors.gpu.FakeNvml;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DoctorTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsMeasuredIsToldWithItsSourceAndHowFarCounterAndPowerDisagree() throws Exception {
        try (Program doctor = doctor("--collector", "e2e.DisagreeingCollector", "--time", "1500ms")) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(doctor.err()).isEmpty();
            assertThat(String.join("\n", doctor.out())).contains("Measured:",
                    "e2e.DisagreeingCollector (primary), from a made-up library 1.2.3", "0 Odd GPU (odd-0), gpu",
                    "power    100.0 W, did not change while it was watched", "counted by the hardware, new ",
                    "they disagree by ", "The counter's joules are reported");
        }
    }

    /** A recording of several platforms is read by a collector for each. */
    @Test
    void everyPlatformOfARecordingIsShown() throws Exception {
        try (Program doctor = doctor("--collector", "replay:docs/demo.parquet", "--time", "300ms")) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(String.join("\n", doctor.out())).contains("replay:docs/demo.parquet (primary)",
                    "7 NVIDIA H100 80GB HBM3", "replay:docs/demo.parquet (auxiliary)", "package-1");
        }
    }

    @Test
    void theSameAsJson() throws Exception {
        try (Program doctor = doctor("--collector", "e2e.DisagreeingCollector", "--time", "1500ms", "--json")) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            JsonObject report = JsonParser.parseString(String.join("\n", doctor.out())).getAsJsonObject();
            assertThat(report.get("measured").getAsBoolean()).isTrue();
            JsonObject collector = report.getAsJsonArray("collectors").get(0).getAsJsonObject();
            assertThat(collector.get("source").getAsString()).isEqualTo("a made-up library 1.2.3");
            JsonObject device = collector.getAsJsonArray("devices").get(0).getAsJsonObject();
            assertThat(device.keySet()).containsExactly("index", "id", "kind", "name", "accounting", "in_total",
                    "asleep", "power_watts", "power_limit_watts", "temperature_celsius", "memory_used_mb",
                    "memory_total_mb", "utilization_percent", "energy_source", "power_update_seconds",
                    "energy_update_seconds", "counted_joules", "integrated_joules", "counted_over_integrated");
            assertThat(device.get("energy_source").getAsString()).isEqualTo("counter");
            assertThat(device.get("counted_over_integrated").getAsDouble()).isCloseTo(1.7, within(0.1));
            assertThat(device.get("power_update_seconds").isJsonNull()).isTrue();
        }
    }

    @Test
    void theVendorsToolIsAskedToo() throws Exception {
        FakeNvml fake = FakeNvml.create();
        Path tool = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n"
                + "echo '0, GPU-00000000-0000-0000-0000-000000000000, 301.20, 700.00, 44, NVIDIA Fake GPU'\n"
                + "echo '1, GPU-00000000-0000-0000-0000-000000000001, 1.00, 700.00, 44, NVIDIA Fake GPU'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = Map.of("LD_LIBRARY_PATH", fake.folder().toString(), "FAKE_NVML", "gpus=2",
                "PATH", folder + ":" + System.getenv("PATH"));
        try (Program doctor = Program.start(Project.ROOT, environment, Project.java("doctor", "--collector", "nvidia",
                "--time", "300ms"))) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(doctor.out()).filteredOn(line -> line.contains("nvidia-smi")).hasSize(2)
                    .satisfiesExactly(line -> assertThat(line).contains("301.2 W of 700.0 W, 44 °C: agrees"),
                            line -> assertThat(line).contains("1.000 W of 700.0 W, 44 °C: differs by"));
        }
        Files.writeString(tool, "#!/bin/sh\necho 'NVIDIA-SMI has failed'; exit 9\n");
        try (Program doctor = Program.start(Project.ROOT, environment, Project.java("doctor", "--collector", "nvidia",
                "--time", "100ms"))) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(doctor.out()).contains("    nvidia-smi failed: NVIDIA-SMI has failed");
        }
    }

    @Test
    void whatWorksInsideAGpuIsToldWhereItIsProfiled() throws Exception {
        Map<String, String> environment = Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(), "FAKE_NVML",
                "gpus=2;gpu0.sm=80;gpu0.tensor=40;gpu0.dram=20;gpu1.gpm=0");
        try (Program doctor = Program.start(Project.ROOT, environment, Project.java("doctor", "--time", "500ms",
                "--gpm"))) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(doctor.out()).filteredOn(line -> line.startsWith("  nvidia (primary)")).singleElement()
                    .asString().endsWith(", profiled but for 1: Not Supported (NVML code 3)");
            assertThat(doctor.out()).filteredOn(line -> line.contains("50 % busy")).hasSize(2).satisfiesExactly(
                    line -> assertThat(line).endsWith(
                            ", 80 % of the SMs, 40 % tensor cores, 20 % of the memory's bandwidth"),
                    line -> assertThat(line).endsWith("50 % busy"));
        }
    }

    @Test
    void nothingToMeasureIsExitCode1() throws Exception {
        try (Program doctor = doctor("--collector", "null", "--time", "100ms")) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isEqualTo(1);
            assertThat(doctor.out()).contains("Nothing is measured here.");
        }
    }

    @Test
    void countersThatAreRootsAloneComeWithTheCommandThatFixesIt() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "RAPL is read on Linux only");
        new SysfsTree(Project.FIXTURES.resolve("sysfs/container-nothing-readable/sys.txt"), folder);
        try (Program doctor = doctor("--path.sysfs", folder.toString(), "--time", "100ms", "--json")) {
            doctor.exitCode();
            JsonObject report = JsonParser.parseString(String.join("\n", doctor.out())).getAsJsonObject();
            JsonObject rapl = null;
            for (JsonElement collector : report.getAsJsonArray("collectors")) {
                if (collector.getAsJsonObject().get("name").getAsString().equals("rapl")) {
                    rapl = collector.getAsJsonObject();
                }
            }
            assertThat(rapl).isNotNull();
            assertThat(rapl.get("role").getAsString()).isEqualTo("refused");
            String files = folder + "/class/powercap/intel-rapl*/energy_uj";
            assertThat(rapl.get("remedy").getAsString())
                    .isEqualTo("sudo chgrp $(id -g) " + files + " && sudo chmod g+r " + files);
        }
        try (Program doctor = doctor("--path.sysfs", folder.toString(), "--time", "100ms")) {
            doctor.exitCode();
            assertThat(doctor.out().indexOf("To fix:")).isEqualTo(2);
            assertThat(doctor.out()).anyMatch(line -> line.startsWith("    fix: sudo chgrp $(id -g) "));
        }
    }

    @Test
    void aRunningMonitorIsAskedWhereATargetIsGiven() throws Exception {
        try (Program monitor = Project.startJava("--port", "0", "--collector", "simulated");
                Program doctor = doctor("--target", "127.0.0.1:" + monitor.port(), "--time", "300ms")) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
            assertThat(String.join("\n", doctor.out())).contains("simulated (primary)", "Simulated GPU (simulated-1)");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --target 127.0.0.1:1              | 1 | no monitor answers at 127.0.0.1:1
            --collector e2e.BrokenCollector   | 1 | not plugged in: plug it in
            --time soon                       | 2 | give a time such as 500ms
            """)
    void whatCannotBeLookedAtIsOneLine(String arguments, int exitCode, String remedy) throws Exception {
        try (Program doctor = doctor(arguments.split(" "))) {
            assertThat(doctor.exitCode()).as(doctor.toString()).isEqualTo(exitCode);
            assertThat(doctor.out()).isEmpty();
            assertThat(doctor.err()).singleElement().asString().startsWith("energy-monitor: ").contains(remedy);
        }
    }

    private static Program doctor(String... arguments) throws Exception {
        String[] words = new String[arguments.length + 1];
        words[0] = "doctor";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return Project.startJava(words);
    }
}
