package server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.sampling.LogLines;

/** The access token: what is let in, what a changed file does, and how much is logged; by a clock of the test's. */
class AccessTokenTest {

    private final LogLines log = new LogLines(AccessToken.class);
    private final LogLines refusals = new LogLines(RefusalLog.class);
    private final LogLines exposures = new LogLines(SecretFile.class);
    private static final SocketAddress PEER = new InetSocketAddress("10.0.0.7", 4711);

    @TempDir
    private Path folder;
    private Path file;
    private long nowNanos = Long.MAX_VALUE - 5; // a clock may pass this

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("token");
        write("right");
    }

    @AfterEach
    void end() {
        log.close();
        exposures.close();
        refusals.close();
    }

    @Test
    void onlyTheTokenItselfIsLetIn() throws Exception {
        AccessToken token = open();
        assertThat(token.isGranted("right", PEER)).isTrue();
        for (String wrong : new String[] {null, "", "righ", "right ", "rightx", "Right", "wrong"}) {
            assertThat(token.isGranted(wrong, PEER)).as(String.valueOf(wrong)).isFalse();
        }
    }

    @Test
    void aChangedFileIsTakenOverAfterASecondAtMost() throws Exception {
        AccessToken token = open();
        write("next");
        pass(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(token.isGranted("right", PEER)).as("not looked at yet").isTrue();
        pass(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(token.isGranted("right", PEER)).isFalse();
        assertThat(token.isGranted("next", PEER)).isTrue();
    }

    @Test
    void whileTheFileHoldsNoTokenNobodyIsLetIn() throws Exception {
        AccessToken token = open();
        write("");
        pass(TimeUnit.SECONDS.toNanos(1));
        assertThat(token.isGranted("right", PEER)).isFalse();
        assertThat(token.isGranted("", PEER)).isFalse();
        Files.delete(file);
        pass(TimeUnit.SECONDS.toNanos(1));
        assertThat(token.isGranted("right", PEER)).isFalse();
        write("again");
        pass(TimeUnit.SECONDS.toNanos(1));
        assertThat(token.isGranted("again", PEER)).isTrue();
        assertThat(log.lines()).filteredOn(line -> line.startsWith("All calls are refused"))
                .hasSize(2).first().asString().contains(file.toString(), "is empty");
    }

    @Test
    void refusalsAreLoggedOnceAMinuteAtMostWithTheirNumberAndAnAddress() throws Exception {
        AccessToken token = open();
        for (int second = 0; second <= 180; second++) {
            token.isGranted("wrong", PEER);
            token.isGranted("right", PEER);
            pass(TimeUnit.SECONDS.toNanos(1));
        }
        String why = ": it shows a wrong access token; the right one is in " + file;
        assertThat(refusals.lines()).containsExactly("Refused 10.0.0.7" + why,
                "Refused 10.0.0.7, and 59 more since the last such line" + why,
                "Refused 10.0.0.7, and 59 more since the last such line" + why,
                "Refused 10.0.0.7, and 59 more since the last such line" + why);
        token.isGranted(null, PEER);
        assertThat(refusals.lines()).last().asString().contains("it shows no access token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "two\nlines", "t\u00f6ken"})
    void whatIsNoTokenIsRefusedAtOnce(String text) throws Exception {
        write(text);
        assertThatThrownBy(this::open).isInstanceOf(UnusableFileException.class)
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void aMissingFileIsRefusedAtOnce() {
        file = folder.resolve("missing");
        assertThatThrownBy(this::open).isInstanceOf(UnusableFileException.class)
                .hasMessage(file + " does not exist");
    }

    @Test
    void aFileThatEverybodyMayReadIsWarnedOf() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
                "this system has no such permissions");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        open();
        assertThat(exposures.lines()).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        open();
        assertThat(exposures.lines()).singleElement().asString().contains("chmod 600 " + file);
    }

    @Test
    void aFileThatEverybodyMayChangeIsWarnedOfAfterARotationToo() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
                "this system has no such permissions");
        AccessToken token = open();
        assertThat(exposures.lines()).isEmpty();
        write("next");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        pass(TimeUnit.SECONDS.toNanos(1));
        assertThat(token.isGranted("next", PEER)).isTrue();
        pass(TimeUnit.SECONDS.toNanos(1));
        token.isGranted("next", PEER);
        assertThat(exposures.lines()).singleElement().asString().contains("read and changed", "chmod 600 " + file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        pass(TimeUnit.SECONDS.toNanos(1));
        token.isGranted("next", PEER);
        assertThat(exposures.lines()).hasSize(2).last().asString().contains("can be read by every user");
    }

    @ParameterizedTest
    @CsvSource({"Bearer abc,abc", "bearer abc,abc", "BEARER  abc ,abc", "Basic abc,", "abc,", "Bearer,", ","})
    void theTokenStandsAfterTheWordBearer(String header, String token) {
        assertThat(AccessToken.ofHeader(header)).isEqualTo(token);
    }

    private AccessToken open() throws UnusableFileException {
        return new AccessToken(file, () -> nowNanos);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void pass(long nanos) {
        nowNanos += nanos;
    }
}
