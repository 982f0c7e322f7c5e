package collectors.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsFolderTest {

    @TempDir
    private Path folder;

    @Test
    void entriesComeInTheOrderOfTheirNumbers() throws Exception {
        for (String name : List.of("hwmon10", "hwmon2", "hwmon1", "card0", "BAT1", "BAT")) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(SysfsFolder.entries(folder)).extracting(path -> path.getFileName().toString())
                .containsExactly("BAT", "BAT1", "card0", "hwmon1", "hwmon2", "hwmon10");
    }

    @Test
    void subzonesFollowTheirZone() {
        assertThat(List.of("z:1", "z:10", "z:0:2", "z:0", "z:0:10", "z:2").stream()
                .sorted(SysfsFolder::compareNames)).containsExactly("z:0", "z:0:2", "z:0:10", "z:1", "z:2", "z:10");
    }

    @Test
    void aFolderThatIsNotThereHasNoEntries() throws Exception {
        assertThat(SysfsFolder.entries(folder.resolve("class/hwmon"))).isEmpty();
    }
}
