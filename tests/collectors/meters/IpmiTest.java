package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import e2e.Program;
import e2e.Project;
import e2e.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real ipmitool before a made-up controller at a serial line, and what it prints where there is none. */
class IpmiTest {

    private static final Pattern LINE = Pattern.compile("(/dev/\\S+)");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            220  |
            0    | the controller says 0 W of a machine that runs
            off  | the controller's power reading is deactivated
            none | the controller does not tell its power over DCMI
            """)
    void theRealToolIsUnderstood(String controller, String problem) throws Exception {
        assumeTrue(isInstalled(), "ipmitool is missing");
        try (Program serial = Python.start(folder, List.of("pty"),
                List.of(Project.FIXTURES.resolve("ipmi/controller.py").toString(), controller))) {
            String line = serial.awaitOut(LINE).group(1);
            MeterSource source = new IpmiSource(List.of("ipmitool", "-I", "serial-terminal", "-D", line + ":9600"));
            if (problem == null) {
                assertThat(source.read()).isEqualTo(new MeterSource.Reading(220, UNAVAILABLE, UNAVAILABLE));
            } else {
                assertThat(catchThrowableOfType(source::read, MeterException.class)).hasMessage(problem);
            }
        }
    }

    @Test
    void withoutADeviceItSaysWhatToDo() throws Exception {
        assertThat(failure("Could not open device at /dev/ipmi0 or /dev/ipmi/0 or /dev/ipmidev/0: No such file or "
                + "directory").remedy()).isEqualTo("sudo modprobe -a ipmi_si ipmi_devintf");
        assertThat(failure("Could not open device at /dev/ipmi0 or /dev/ipmi/0 or /dev/ipmidev/0: Permission denied"))
                .hasMessage("/dev/ipmi0 may not be opened by this user");
        assertThat(failure("")).hasMessage("ipmitool tells no power, but: nothing");
        assertThat(failure("segmentation fault")).hasMessage("ipmitool tells no power, but: segmentation fault");
        assertThat(failure("Instantaneous power reading: 999999999 Watts")).isNotNull();
        assertThat(DcmiPower.parse("\n  Instantaneous power reading:    35 watts\n").powerWatts()).isEqualTo(35);
    }

    @Test
    void aToolThatHangsOrPrintsForEverIsEnded() throws Exception {
        Path tool = folder.resolve("tool");
        Files.writeString(tool, "#!/bin/sh\necho $$ > " + folder.resolve("pid") + "\nsleep 60\n");
        tool.toFile().setExecutable(true);
        assertThat(catchThrowableOfType(() -> new IpmiSource(List.of(tool.toString()), Duration.ofMillis(700)).read(),
                MeterException.class)).hasMessage("ipmitool did not answer within 1 s");
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        assertThat(ProcessHandle.of(pid).map(handle -> handle.onExit().orTimeout(5, TimeUnit.SECONDS)
                .join()).isPresent() || ProcessHandle.of(pid).isEmpty()).isTrue();
        Files.writeString(tool, "#!/bin/sh\nwhile :; do echo noise noise noise; done\n");
        assertThat(catchThrowableOfType(() -> new IpmiSource(List.of(tool.toString()), Duration.ofMillis(700)).read(),
                MeterException.class)).hasMessage("ipmitool did not answer within 1 s");
        assertThat(catchThrowableOfType(() -> new IpmiSource(List.of(folder.resolve("none").toString())).read(),
                MeterException.class).remedy()).isEqualTo("install the package ipmitool");
    }

    private static MeterException failure(String output) {
        return catchThrowableOfType(() -> DcmiPower.parse(output), MeterException.class);
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("ipmitool", "-V").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
