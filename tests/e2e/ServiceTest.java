package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dd.plist.NSArray;
import com.dd.plist.NSDictionary;
import com.dd.plist.NSNumber;
import com.dd.plist.PropertyListParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code service print} prints, checked by systemd's own tool and a reader of property lists. */
@Timeout(120)
class ServiceTest {

    @TempDir
    private Path folder;

    @Test
    void systemdFindsNothingWrongWithTheUnit() throws Exception {
        Path unit = folder.resolve("energy-monitor.service");
        Files.writeString(unit, print("systemd", "--", "--http-port", "8080", "--devices", "0, 1 %i \"$HOME\""));
        assertThat(Files.readString(unit)).contains("DynamicUser=yes", "IPAddressAllow=localhost",
                " -jar /opt/energy-monitor/energy-monitor.jar --http-port 8080 "
                        + "--devices \"0, 1 %%i \\\"$$HOME\\\"\"\n");
        try (Program verify = analyze("verify", unit.toString())) {
            assertThat(verify.exitCode()).as(verify.toString()).isZero();
            assertThat(verify.out()).isEmpty();
            assertThat(verify.err()).filteredOn(line -> line.contains("energy-monitor")).isEmpty();
        }
        try (Program security = analyze("security", "--offline=true", unit.toString())) {
            security.exitCode();
            assertThat(security.out()).last().asString().matches("→ Overall exposure level .*: [01]\\.\\d OK .*");
        }
    }

    @Test
    void filesThatRootAloneCanReadAreHandedToTheService() throws Exception {
        Path unit = folder.resolve("energy-monitor.service");
        Files.writeString(unit, print("systemd", "--", "--tls-cert", "/etc/c.pem", "--tls-key=/etc/k.pem",
                "--auth-token-file", "/etc/token"));
        assertThat(Files.readString(unit)).contains(
                " --tls-cert %d/tls-cert --tls-key=%d/tls-key --auth-token-file %d/auth-token-file\n",
                "\nLoadCredential=tls-cert:/etc/c.pem\nLoadCredential=tls-key:/etc/k.pem\n"
                        + "LoadCredential=auth-token-file:/etc/token\n");
        try (Program verify = analyze("verify", unit.toString())) {
            assertThat(verify.exitCode()).as(verify.toString()).isZero();
        }
    }

    @Test
    void theRuleForRaplIsThatOfThePageOnTrouble() throws Exception {
        String rule = Files.readAllLines(Project.ROOT.resolve("docs/trouble.md")).stream()
                .filter(line -> line.startsWith("SUBSYSTEM==")).findFirst().orElseThrow();
        String echo = print("systemd").lines().filter(line -> line.contains("70-rapl.rules")).findFirst().orElseThrow();
        try (Program shell = Program.start(folder, Map.of(),
                List.of("sh", "-c", echo.substring(echo.indexOf("echo"), echo.indexOf(" | sudo"))))) {
            assertThat(shell.exitCode()).isZero();
            assertThat(shell.out()).containsExactly(rule);
        }
    }

    @Test
    void aUnitForOtherMachinesIsNotKeptToThisOne() throws Exception {
        assertThat(print("systemd", "--user", "meter", "--jar", "/srv/m.jar", "--", "--bind-address=0.0.0.0"))
                .contains("User=meter\n", "-jar /srv/m.jar --bind-address=0.0.0.0\n",
                        "cp energy-monitor.jar /srv/m.jar ", "cp -r lib /srv\n")
                .doesNotContain("IPAddress", "DynamicUser");
    }

    @Test
    void launchdsListCanBeParsed() throws Exception {
        String text = print("launchd", "--user", "meter", "--", "--devices", "a & <b>");
        NSDictionary list = (NSDictionary) PropertyListParser.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(list.get("Label")).hasToString("energy-monitor");
        assertThat(list.get("UserName")).hasToString("meter");
        assertThat(((NSNumber) list.get("RunAtLoad")).boolValue()).isTrue();
        List<Object> arguments = List.of(((NSArray) list.get("ProgramArguments")).toJavaObject() instanceof Object[] all
                ? all : new Object[0]);
        assertThat(arguments).contains("-jar", "/opt/energy-monitor/energy-monitor.jar")
                .endsWith("--devices", "a & <b>");
        assertThat(arguments.get(0).toString()).endsWith("/bin/java");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service print upstart           | give systemd or launchd
            """)
    void wrongUsageIsOneLine(String arguments, String what) throws Exception {
        try (Program service = Project.startJava(arguments.split(" "))) {
            assertThat(service.exitCode()).as(service.toString()).isEqualTo(2);
            assertThat(service.out()).isEmpty();
            assertThat(service.err()).singleElement().asString().startsWith("energy-monitor: ").contains(what);
        }
    }

    @Test
    void noValueCanBeginAnotherLine() throws Exception {
        try (Program service = Project.startJava("service", "print", "systemd", "--user=me\nExecStart=/bin/sh")) {
            assertThat(service.exitCode()).as(service.toString()).isEqualTo(2);
            assertThat(service.out()).isEmpty();
            assertThat(service.err()).singleElement().asString().contains("a line break or another control character");
        }
    }

    @Test
    void theUnitNamesTheGroupsThatMustExist() throws Exception {
        assertThat(print("systemd", "--user", "meter")).contains("sudo groupadd --system --force power\n",
                "starts only where these exist: the user meter, the groups power", "getent passwd meter",
                "\nSupplementaryGroups=power");
    }

    private static String print(String... arguments) throws Exception {
        String[] words = new String[arguments.length + 2];
        words[0] = "service";
        words[1] = "print";
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        try (Program service = Project.startJava(words)) {
            assertThat(service.exitCode()).as(service.toString()).isZero();
            assertThat(service.err()).isEmpty();
            return String.join("\n", service.out()) + "\n";
        }
    }

    private Program analyze(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "systemd-analyze";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        try {
            return Program.start(folder, Map.of("LC_ALL", "C.UTF-8"), List.of(words));
        } catch (IOException e) {
            assumeTrue(false, "systemd-analyze is missing: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }
}
