package cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cli.options.UserError;
import collectors.host.OperatingSystem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCommandTest {

    @Test
    void windowsIsRefusedWithWhatToDoInstead() {
        assertThatThrownBy(() -> new ServiceCommand(OperatingSystem.WINDOWS).call()).isInstanceOf(UserError.class)
                .hasMessageContaining("neither systemd nor launchd").hasMessageContaining("schtasks /create");
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
