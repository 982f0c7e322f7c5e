package collectors.apple.powermetrics;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import collectors.apple.powermetrics.PowermetricsSample.Part;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowermetricsSampleTest {

    private static final Part NOTHING = new Part(UNAVAILABLE, UNAVAILABLE);

    @TempDir
    private Path folder;

    @Test
    void anAppleListGivesPowerAndTheEnergyOfTheSample() throws Exception {
        PowermetricsSample sample = parse("""
                <key>elapsed_ns</key><integer>50000000</integer>
                <key>hw_model</key><string>Mac14,6</string>
                <key>processor</key><dict>
                <key>cpu_energy</key><integer>149</integer><key>cpu_power</key><real>2978.45</real>
                <key>gpu_energy</key><integer>13</integer><key>gpu_power</key><integer>270</integer>
                <key>ane_energy</key><integer>0</integer><key>ane_power</key><real>0</real>
                <key>combined_power</key><real>3248.07</real>
                </dict>
                <key>gpu</key><dict><key>idle_ratio</key><real>0.75</real></dict>""");
        assertThat(sample.model()).isEqualTo("Mac14,6");
        assertPart(sample.cpu(), 2.97845, 149);
        assertPart(sample.gpu(), 0.270, 13);
        assertPart(sample.neuralEngine(), 0, 0);
        assertPart(sample.combined(), 3.24807, 162);
        assertThat(sample.intelPackage()).isEqualTo(NOTHING);
        assertThat(sample.gpuBusyPercent()).isEqualTo(25);
    }

    @Test
    void withoutEnergyItIsThePowerOverTheLengthOfTheSample() throws Exception {
        PowermetricsSample sample = parse("""
                <key>elapsed_ns</key><integer>5015200000</integer>
                <key>processor</key><dict>
                <key>cpu_power</key><real>1000</real><key>combined_power</key><real>1500</real>
                </dict><key>gpu</key><dict><key>gpu_energy</key><integer>7</integer></dict>""");
        assertPart(sample.cpu(), 1, 5015.2);
        assertPart(sample.combined(), 1.5, 7522.8);
        assertPart(sample.gpu(), UNAVAILABLE, 7);
        assertThat(sample.neuralEngine()).isEqualTo(NOTHING);
        assertThat(sample.model()).isNull();
    }

    @Test
    void withoutCombinedPowerItIsTheSumWhereAllThreePartsAreKnown() throws Exception {
        String two = "<key>cpu_power</key><real>1000</real><key>gpu_power</key><real>500</real>";
        String all = two + "<key>ane_power</key><real>250</real>";
        assertThat(parse("<key>processor</key><dict>" + two + "</dict>").combined()).isEqualTo(NOTHING);
        assertPart(parse("<key>processor</key><dict>" + all + "</dict>").combined(), 1.75, UNAVAILABLE);
    }

    @Test
    void anIntelListGivesThePackage() throws Exception {
        PowermetricsSample sample = parse("""
                <key>elapsed_ns</key><integer>50000000</integer>
                <key>processor</key><dict><key>package_watts</key><real>187.25</real>
                <key>package_joules</key><real>9.4</real></dict>""");
        assertPart(sample.intelPackage(), 187.25, 9400);
        assertThat(sample.cpu()).isEqualTo(NOTHING);
        assertThat(sample.combined()).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<real>-1</real>", "<real>nan</real>", "<real>4294967295000</real>", "<true/>",
        "<string>12</string>", "<integer>9223372036854775794</integer>"})
    void whatIsNoMeasurementIsUnavailable(String value) throws Exception {
        PowermetricsSample sample = parse("<key>elapsed_ns</key><integer>50000000</integer><key>processor</key><dict>"
                + "<key>cpu_power</key>" + value + "<key>cpu_energy</key>" + value
                + "<key>gpu_energy</key>" + value + "<key>gpu_power</key><real>1000</real></dict>");
        assertThat(sample.cpu()).isEqualTo(NOTHING);
        assertPart(sample.gpu(), 1, 50);
    }

    @Test
    void aListCutAnywhereIsRejectedWithAReason() throws Exception {
        String recording = Files.readString(MacosCollectorTest.FIXTURES.resolve("m-series.plists"));
        byte[] list = recording.substring(0, recording.indexOf("</plist>") + 8).getBytes(StandardCharsets.UTF_8);
        assertThat(PowermetricsSample.parse(list).cpu().millijoules()).isEqualTo(149);
        for (int length = 0; length < list.length; length++) {
            byte[] cut = Arrays.copyOf(list, length);
            assertThatThrownBy(() -> PowermetricsSample.parse(cut)).as("cut at %d", length)
                    .isInstanceOf(ParseException.class).message().isNotBlank().doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<dict/>", "<array/>", "<dict><key>processor</key></dict>",
        "<dict><key>processor</key><dict><key>cpu_power</key><real>x</real></dict></dict>",
        "<dict><key>is_delta</key><false/><key>processor</key><dict/></dict>", "<key>processor</key>"})
    void whatPowermetricsDoesNotWriteIsRejected(String content) {
        assertThatThrownBy(() -> PowermetricsSample.parse(bytes("<plist version=\"1.0\">" + content + "</plist>")))
                .isInstanceOf(ParseException.class).message().isNotBlank();
    }

    @Test
    void aListNestedTooDeepIsRejected() {
        assertThatThrownBy(() -> parse("<key>gpu</key>" + "<dict><key>x</key>".repeat(50_000)
                + "</dict>".repeat(50_000))).isInstanceOf(ParseException.class);
    }

    @Test
    void aNumberThatCannotBeReadInAnArrayDoesNotSpoilTheRest() throws Exception {
        assertPart(parse("<key>processor</key><dict><key>clusters</key><array><real>-nan</real></array>"
                + "<key>cpu_energy</key><integer>5</integer></dict>").cpu(), UNAVAILABLE, 5);
    }

    @Test
    @Timeout(60)
    void noEntityIsOpenedOrExpanded() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "4711");
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + web.getLocalPort() + "/x.dtd";
            for (String doctype : new String[] {
                "[<!ENTITY e SYSTEM '" + secret.toUri() + "'>]",
                "[<!ENTITY e SYSTEM '" + url + "'>]",
                "[<!ENTITY % p SYSTEM '" + url + "'> %p;]",
                "[<!ENTITY e '4711'>]",
                "[<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY e '&b;&b;&b;&b;'>]"}) {
                assertThatThrownBy(() -> PowermetricsSample.parse(bytes("<!DOCTYPE plist " + doctype
                        + "><plist><dict><key>hw_model</key><string>&e;</string>"
                        + "<key>processor</key><dict/></dict></plist>"))).as(doctype)
                        .isInstanceOf(ParseException.class).message().doesNotContain("4711");
            }
            // A DTD that is only named, as powermetrics does, is not fetched.
            assertThat(PowermetricsSample.parse(bytes("<!DOCTYPE plist SYSTEM '" + url
                    + "'><plist><dict><key>processor</key><dict/></dict></plist>")).cpu()).isEqualTo(NOTHING);
            web.setSoTimeout(200);
            assertThatThrownBy(web::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static PowermetricsSample parse(String content) throws ParseException {
        return PowermetricsSample.parse(bytes("<plist version=\"1.0\"><dict>" + content + "</dict></plist>"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertPart(Part part, double watts, double millijoules) {
        assertThat(part.powerWatts()).isCloseTo(watts, within(1e-9));
        assertThat(part.millijoules()).isCloseTo(millijoules, within(1e-9));
    }
}
