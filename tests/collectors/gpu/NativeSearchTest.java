package collectors.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures to load a library mean that it is not installed, and which are a reason worth telling. */
class NativeSearchTest {

    private static final String MISSING = ": cannot open shared object file: No such file or directory";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", value = {
        "libamd_smi.so.27: cannot open shared object file: No such file or directory | absent",
        "libnl-3.so.200: cannot open shared object file: No such file or directory "
            + "| libnl-3.so.200: cannot open shared object file: No such file or directory",
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /opt/rocm/lib/libamd_smi.so.27) "
            + "| /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found "
            + "(required by /opt/rocm/lib/libamd_smi.so.27)",
        "libamd_smi.so.27: file too short | libamd_smi.so.27: file too short",
    })
    void onlyItsOwnAbsenceMeansThatALibraryIsNotInstalled(String line, String reason) {
        String message = "Unable to load library 'libamd_smi.so.27':\n" + line
                + "\nNative library (linux-x86-64/libamd_smi.so.27) not found in resource path (/a:/b)";
        assertThat(NativeSearch.reasonBesidesAbsence("libamd_smi.so.27", message)).isEqualTo(reason);
    }

    @Test
    void aLibraryThatNeedsAnotherOneThatIsMissingSaysWhich() {
        Path needed = FakeLibrary.compiled("tests/fixtures/amd_smi/fake_amd_smi.c", "libneeded.so")
                .resolve("libneeded.so");
        Path library = FakeLibrary.linked("tests/fixtures/rocm_smi/fake_rocm_smi.c", "librocm_smi64.so.6", needed)
                .resolve("librocm_smi64.so.6");
        assertThatThrownBy(() -> RocmSmi.load(List.of("libno-such-thing.so.7", library.toString()), Path.of("/sys")))
                .hasMessage(library + " cannot be loaded: " + needed + MISSING);
    }
}
