package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the house: which folder may import which, and that every source is listed for JBang. */
class HouseTest {

    private static final int MAX_FILES_OF_A_FOLDER = 20;
    private static final List<String> FLOORS = List.of("cli", "collectors", "server", "telemetry");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+)", Pattern.MULTILINE);
    private static final Pattern SOURCE = Pattern.compile("^//SOURCES (\\S+)", Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            collectors           | telemetry server cli io.grpc picocli org.jline
            collectors.gpu       | collectors.meters com.google.gson
            collectors.linux     | collectors.meters com.google.gson
            collectors.apple     | collectors.meters com.google.gson
            collectors.host      | collectors.meters com.google.gson
            collectors.registry  | collectors.meters com.google.gson
            telemetry            | server cli io.grpc picocli org.jline
            telemetry.accounting | telemetry.sampling telemetry.selection telemetry.wire energy.
            telemetry.wire       | telemetry.sampling telemetry.selection
            telemetry.selection  | telemetry.sampling
            server               | cli picocli org.jline
            server.grpc          | server.http
            server.http          | server.grpc
            server.security      | server.grpc server.http telemetry
            cli.options          | cli.measure cli.record cli.watch cli.doctor cli.install cli.readings
            cli.readings         | cli.measure cli.record cli.watch cli.doctor cli.install
            cli.measure          | cli.record cli.watch cli.doctor cli.install
            cli.record           | cli.measure cli.watch cli.doctor cli.install
            cli.watch            | cli.measure cli.record cli.doctor cli.install
            cli.doctor           | cli.measure cli.record cli.watch cli.install
            cli.install          | cli.measure cli.record cli.watch cli.doctor
            """)
    void importsRunDownwardOnly(String room, String forbidden) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : javaFiles(Project.ROOT.resolve(room.replace('.', '/')))) {
            Matcher imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) {
                for (String prefix : forbidden.split(" ")) {
                    if ((imports.group(1) + ".").startsWith(prefix.endsWith(".") ? prefix : prefix + ".")) {
                        wrong.add(Project.ROOT.relativize(file) + " imports " + imports.group(1));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theMonitorListsAllItsSources() throws IOException {
        Set<String> expected = new LinkedHashSet<>();
        for (String floor : FLOORS) {
            for (Path file : javaFiles(Project.ROOT.resolve(floor))) {
                expected.add(Project.ROOT.relativize(file).toString().replace('\\', '/'));
            }
        }
        List<String> listed = new ArrayList<>();
        collectSources(Project.SCRIPT, listed);
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyFolderSaysWhatItIsForAndListsItsFilesInOrder() throws IOException {
        for (Path info : packageInfos()) {
            String text = Files.readString(info);
            assertThat(text).as(info.toString()).contains("/**\n * ");
            List<String> files = SOURCE.matcher(text).results().map(match -> match.group(1))
                    .filter(source -> !source.contains("/")).toList();
            assertThat(files).as(info.toString()).isSorted();
        }
    }

    @Test
    void noFolderIsTooFull() throws IOException {
        for (Path info : packageInfos()) {
            try (Stream<Path> files = Files.list(info.getParent())) {
                assertThat(files.filter(Files::isRegularFile)).as(info.getParent().toString())
                        .hasSizeLessThanOrEqualTo(MAX_FILES_OF_A_FOLDER);
            }
        }
    }

    private static void collectSources(Path script, List<String> listed) throws IOException {
        Matcher sources = SOURCE.matcher(Files.readString(script));
        if (script.endsWith("package-info.java")) {
            listed.add(Project.ROOT.relativize(script).toString().replace('\\', '/'));
        }
        while (sources.find()) {
            Path source = script.resolveSibling(sources.group(1)).normalize();
            assertThat(source).as("listed in " + script).isRegularFile();
            if (source.endsWith("package-info.java")) {
                collectSources(source, listed);
            } else {
                listed.add(Project.ROOT.relativize(source).toString().replace('\\', '/'));
            }
        }
    }

    private static List<Path> packageInfos() throws IOException {
        List<Path> infos = new ArrayList<>();
        for (String floor : FLOORS) {
            javaFiles(Project.ROOT.resolve(floor)).stream().filter(file -> file.endsWith("package-info.java"))
                    .forEach(infos::add);
        }
        return infos;
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }
}
