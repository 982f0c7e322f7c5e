package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JBang fetches the script and all that it names from a URL, builds and runs it. */
@Timeout(180)
@Order(5)
class RunFromUrlTest {

    @TempDir
    Path folder;

    @Test
    void theMonitorRunsFromAUrlInAnEmptyFolder() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", RunFromUrlTest::sendFile);
        web.start();
        try {
            String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/";
            Path work = Files.createDirectory(folder.resolve("work"));
            try (Program trust = jbangw(work, "trust", "add", url)) {
                assertThat(trust.exitCode()).as(trust.toString()).isZero();
            }
            try (Program monitor = jbangw(work, url + "EnergyMonitor.java", "--port", "0", "--http-port", "0",
                    "--collector", "simulated"); Client client = new Client(monitor.port())) {
                assertThat(client.health().getPlatform()).isEqualTo("simulated");
                try (InputStream page = URI.create(monitor.pageUrl()).toURL().openStream()) {
                    assertThat(page.readAllBytes()).isEqualTo(Files.readAllBytes(Project.ROOT.resolve(
                            "server/http/page.html")));
                }
            }
            assertThat(work).isEmptyDirectory();
            Path jbang = Files.writeString(work.resolve("jbang"), "#!/bin/sh\nJBANGW_OWN=1 exec '" + Project.JBANGW
                    + "' \"$@\"\n");
            Files.setPosixFilePermissions(jbang, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (Program install = jbangw(work, "app", "install", "energy-monitor@" + url + "jbang-catalog.json")) {
                assertThat(install.exitCode()).as(install.toString()).isZero();
            }
            try (Program version = Program.start(work, Map.of("JBANG_DIR", folder.resolve("jbang").toString(),
                    "JBANG_CACHE_DIR", "", "JBANGW_OWN", "1", "PATH", work + ":" + System.getenv("PATH")),
                    List.of(folder.resolve("jbang/bin/energy-monitor").toString(), "--version"))) {
                assertThat(version.exitCode()).as(version.toString()).isZero();
                assertThat(version.out()).singleElement().asString().startsWith("energy-monitor ");
            }
        } finally {
            web.stop(0);
        }
    }

    private Program jbangw(Path work, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Project.JBANGW.toString()));
        command.addAll(List.of(arguments));
        // With its commands' folder on the PATH, JBang does not write it into the shell's files of whoever runs this.
        return Program.start(work, Map.of("JBANG_DIR", folder.resolve("jbang").toString(), "JBANG_CACHE_DIR", "",
                "PATH", folder.resolve("jbang/bin") + ":" + work + ":" + System.getenv("PATH")), command);
    }

    private static void sendFile(HttpExchange exchange) throws IOException {
        Path file = Project.ROOT.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
        if (file.startsWith(Project.ROOT) && Files.isRegularFile(file)) {
            byte[] content = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
        exchange.close();
    }
}
