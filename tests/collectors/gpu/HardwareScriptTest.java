package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tests/hardware/gpu.sh, with the fake NVML in a GPU's place and a jar like an exported one. */
class HardwareScriptTest {

    @TempDir
    Path folder;

    @Test
    void theScriptForRealHardwareRunsToItsEndAndPrintsWhatItPromises() throws Exception {
        ProcessBuilder script = new ProcessBuilder(FakeLibrary.find("tests/hardware/gpu.sh").toString(),
                jar().toString(), "nvidia", "1").redirectErrorStream(true);
        script.environment().putAll(Map.of("LD_LIBRARY_PATH", FakeNvml.create().folder().toString(), "FAKE_NVML",
                "gpus=2;energy_publish_ms=20;power_average_ms=1000;load_period_ms=600;load_high_ms=300;"
                        + "load_high_mw=700000;load_low_mw=90000"));
        Process process = script.start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).contains("== doctor", "nvidia (primary)", "every 1 ms: ", "every 50 ms: ", "== measure",
                "power is a mean of (s): 1.000", "== done");
        assertThat(printed).containsPattern("between steps of the counter: median (1[89]|2[0-3])\\.");
        assertThat(printed).containsPattern("moved with it, alone, not with it: [1-9]\\d*, 0, 0");
        assertThat(printed).containsPattern("total +[1-9]");
    }

    /** A jar that holds nothing but the way to all that is on the class path. */
    private Path jar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "cli.Main");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        Path jar = folder.resolve("EnergyMonitor.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.finish();
        }
        return jar;
    }
}
