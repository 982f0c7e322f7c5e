package cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.CommandLines;
import cli.options.UserError;
import collectors.host.OperatingSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ServiceCommandTest {

    @Test
    void windowsIsRefusedWithWhatToDoInstead() {
        assertThatThrownBy(() -> new ServiceCommand(OperatingSystem.WINDOWS).call()).isInstanceOf(UserError.class)
                .hasMessageContaining("neither systemd nor launchd").hasMessageContaining("schtasks /create");
    }

    @ParameterizedTest
    @CsvSource({"systemd, a b, 2", "systemd, '', 2", "systemd, ' me', 2", "systemd, a/b, 2", "systemd, a:b, 2", "systemd, -x, 2",
        "systemd, .., 2", "systemd, meter, 0", "systemd, 1001, 0", "systemd, m.e-t_er@realm, 0", "launchd, 1001, 2",
        "launchd, a b, 2", "launchd, _meter, 0"})
    void aUserThatTheManagerWouldNotTakeIsRefused(String manager, String user, int exitCode) {
        StringWriter err = new StringWriter();
        CommandLine command = CommandLines.create("service").setErr(new PrintWriter(err))
                .setOut(new PrintWriter(new StringWriter()));
        assertThat(command.execute("service", "print", manager, "--user", user)).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString()).matches(exitCode == 0 ? "" : "energy-monitor: invalid value '" + user
                + "' for --user: give the name of a user, of letters, .*\\R");
    }

    @Test
    void theUnitLetsMetersBeReachedAndTheirSecretsBeRead() {
        String unit = SystemdUnit.text(List.of("java", "--beside",
                "redfish=https://192.0.2.7,credentials=/etc/bmc,ca=/etc/bmc.pem,every=5s", "--beside=ipmi"),
                Path.of("/opt/m.jar"), null, List.of());
        assertThat(unit).contains("--beside redfish=https://192.0.2.7,credentials=%d/beside-1,ca=%d/beside-2,every=5s "
                + "--beside=ipmi\n", "\nLoadCredential=beside-1:/etc/bmc\nLoadCredential=beside-2:/etc/bmc.pem\n")
                .doesNotContain("IPAddressDeny");
    }

    @Test
    void theUnitNamesTheGroupsOfGpusWhereTheyExist() {
        String unit = SystemdUnit.text(List.of("java"), Path.of("/opt/m.jar"), null, List.of("root", "video"));
        assertThat(unit).contains("\nSupplementaryGroups=power video\n", "getent group power video\n");
        assertThat(SystemdUnit.text(List.of("java"), Path.of("/opt/m.jar"), "m%", List.of()))
                .contains("\nSupplementaryGroups=power\n", "\nUser=m%%\n").doesNotContain("DynamicUser");
    }
}
