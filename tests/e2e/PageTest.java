package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page looks like in a real browser. Its pictures of every state are kept in the folder that PICTURES names, or
 * else in energy-monitor-page below the folder for temporary files: to be looked at after a change.
 */
@Timeout(180)
class PageTest {

    /** With REWRITE_PICTURE=1 the README's picture is made anew. */
    private static final Path PICTURE = Project.ROOT.resolve("docs/page.png");
    private static final boolean REWRITE = "1".equals(System.getenv("REWRITE_PICTURE"));

    private static final String POWER = "document.querySelector('#tiles dd span').textContent";
    private static final String ENERGY = "document.querySelectorAll('#tiles dd span')[1].textContent";
    private static final String LIVE = "document.documentElement?.className == 'live'";

    private static final String SHOWN = LIVE + " && document.title.includes(' W ')";

    /** Whether a part of the chart is marked. */
    private static final String SELECTED = "document.querySelector('#power .u-select').offsetHeight > 0";

    @TempDir
    private Path folder;
    private Chromium browser;
    private PageView view;

    @BeforeEach
    void startBrowser() throws Exception {
        Optional<String> command = Chromium.find();
        assumeTrue(command.isPresent(), "chromium is missing: install it to test the page");
        browser = new Chromium(command.get(), folder.resolve("profile"));
        view = new PageView(browser);
    }

    @AfterEach
    void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void thePictureIsOfTheRecording() throws Exception {
        try (Program monitor = serve("replay:" + Project.ROOT.resolve("docs/demo.parquet"), 0)) {
            browser.view(1080, 900, true);
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            TimeUnit.SECONDS.sleep(REWRITE ? 62 : 2);
            assertThat(browser.evaluate("document.querySelectorAll('#devices tr').length")).isEqualTo("10");
            byte[] picture = view.picture("recording", 1080, true);
            if (REWRITE) {
                Files.write(PICTURE, picture);
            }
        }
    }

    @Test
    void numbersMoveInTheLightTheDarkAndOnAPhone() throws Exception {
        try (Program monitor = serve("simulated", 0)) {
            browser.view(1080, 760, false);
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            String first = browser.evaluate(POWER);
            assertThat(first).matches("\\d[\\d,.]* W");
            browser.await(POWER + " != '" + first + "'");
            assertThat(browser.evaluate("document.querySelectorAll('#devices tr').length")).isEqualTo("2");
            assertThat(browser.evaluate("document.querySelector('#devices td').textContent")).matches("\\d[\\d.]* / \\d+ W");
            TimeUnit.SECONDS.sleep(4);
            assertThat(inkInChart()).as("lines in the chart").isGreaterThan(500);
            browser.evaluate("import('/page.text.js').then(m => document.energy = m.joulesWithBounds({valid: true, "
                    + "joules: 412.34, uncertainty_joules: 4.07, least_joules: 410.3, most_joules: 500}))");
            browser.await("document.energy == '412.3 J +4.1 -2.0'");
            byte[] light = view.picture("light", 1080, false);
            byte[] dark = view.picture("dark", 1080, true);
            byte[] phone = view.picture("phone", 360, true);
            assertThat(dark).isNotEqualTo(light);
            assertThat(phone).isNotEqualTo(dark);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aLargeMachineFitsWithoutOverlapAndIsThereFromTheFirstMoment() throws Exception {
        try (Program monitor = serve("e2e.BigMachineCollector", 0)) {
            String url = monitor.pageUrl();
            TimeUnit.SECONDS.sleep(5);
            browser.view(1400, 1000, false);
            browser.open(url);
            browser.await(SHOWN);
            assertThat(browser.evaluate("document.getElementById('power-summary').textContent"))
                    .as("the seconds before the page was opened").matches("Power over time: [\\d,]+ W in total in the last "
                            + "second, between [\\d,]+ W and [\\d,]+ W in the last [3-9].*");
            browser.await("document.querySelectorAll('#devices tr').length == 12");
            assertThat(browser.evaluate("document.getElementById('legend').textContent"))
                    .containsSubsequence("Total", "GPU 0", "GPU 7", "CPU 0", "DRAM 0", "CPU 1", "DRAM 1");
            browser.evaluate("document.querySelector('#ask button').click()");
            browser.await("/J ([±] .*|[+].* -.*) in total at least .* W/.test(document.getElementById('interval-text').textContent)");
            assertThat(browser.evaluate("document.querySelectorAll('#interval-parts li').length")).isEqualTo("12");
            view.pictures("large");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aLostGpuIsAGapWithItsReasonThatFitsEverywhere() throws Exception {
        try (Program monitor = serve("e2e.LosingGpuCollector", 0)) {
            browser.view(1400, 1000, false);
            browser.open(monitor.pageUrl());
            browser.await(LIVE);
            browser.await("document.getElementById('problems').textContent == 'GPU 3" + LosingGpuCollector.REASON + "'");
            assertThat(browser.evaluate(POWER)).isEqualTo("\\u2013");
            browser.await("document.getElementById('power-readout').textContent.endsWith('unknown: GPU 3: "
                    + LosingGpuCollector.REASON + "')");
            TimeUnit.SECONDS.sleep(3);
            view.pictures("lost-gpu");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aMachineWithoutSensorsSaysWhatWasTriedAndIsNotShownAsWell() throws Exception {
        try (Program monitor = Project.startJava("--port", "0", "--http-port", "0", "--path.sysfs", folder.toString())) {
            browser.view(1024, 800, false);
            browser.open(monitor.pageUrl());
            browser.await("document.documentElement?.className == 'nothing'");
            assertThat(browser.evaluate("document.getElementById('status').textContent"))
                    .isEqualTo("connected, nothing is measured");
            browser.await("document.querySelectorAll('#reasons li').length > 2");
            assertThat(browser.evaluate("document.getElementById('empty').innerText"))
                    .contains("Nothing is measured here", "nvidia: ", "rapl: ", "energy-monitor doctor");
            view.pictures("nothing");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void joulesAreCountedFromAClick() throws Exception {
        try (Program monitor = serve("simulated", 0)) {
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            browser.await("parseFloat(" + ENERGY + ".replace(',', '')) > 600");
            browser.evaluate("document.getElementById('reset').click()");
            browser.await("parseFloat(" + ENERGY + ".replace(',', '')) < 600");
            assertThat(browser.evaluate("document.getElementById('since-text').textContent"))
                    .matches("Joules since \\d\\d:\\d\\d:\\d\\d");
            browser.evaluate("document.getElementById('undo').click()");
            browser.await("parseFloat(" + ENERGY + ".replace(',', '')) > 600");
        }
    }

    @Test
    void aLostMonitorIsSaidAndFoundAgain() throws Exception {
        int port;
        try (Program monitor = serve("simulated", 0)) {
            port = URI.create(monitor.pageUrl()).getPort();
            TimeUnit.SECONDS.sleep(4);
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            browser.evaluate("document.querySelector('#ask button').click()");
            browser.await("document.getElementById('interval-text').textContent.includes(' in total ')");
            assertThat(browser.evaluate(SELECTED)).isEqualTo("true");
        }
        browser.await("document.getElementById('status').textContent.startsWith('connection lost')");
        view.pictures("gone");
        try (Program monitor = serve("simulated", port)) {
            browser.await(LIVE);
            browser.await("parseFloat(" + ENERGY + ".replace(',', '')) > 600"); // some seconds of the new one
            browser.await("document.getElementById('power-summary').textContent.includes(' W in total ')");
            assertThat(browser.evaluate("document.getElementById('interval-title').textContent"))
                    .as("the old one's joules").endsWith(" \\u2013 before the monitor was started anew");
            assertThat(browser.evaluate(SELECTED)).isEqualTo("false");
            view.picture("gone-and-back", 1024, true);
        }
    }

    /** The browser's own dialog asks for the token; what the page says when it was not given is only looked at here. */
    @Test
    void aTokenInTheAddressOpensThePageAndALockedOneSaysWhatWould() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "the-token-of-this-test\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (Program monitor = serve("simulated", 0, "--auth-token-file", token.toString())) {
            browser.open("http://anybody:the-token-of-this-test@" + URI.create(monitor.pageUrl()).getAuthority() + "/");
            browser.await(SHOWN);
            browser.await("document.getElementById('power-summary').textContent.includes(' W in total ')");
            browser.evaluate("document.documentElement.className = document.getElementById('status').textContent = 'locked'");
            browser.evaluate("document.getElementById('locked').hidden = false");
            assertThat(browser.evaluate("document.getElementById('locked').innerText"))
                    .contains("This monitor is locked", "access token", "Load again");
            byte[] picture = view.picture("locked", 1024, false);
            assertThat(picture).isNotEmpty();
        }
    }

    @Test
    void namesAreTextAndNeverMarkup() throws Exception {
        try (Program monitor = serve("e2e.OddNamesCollector", 0)) {
            browser.open(monitor.pageUrl());
            browser.await("document.querySelectorAll('#devices tr').length == 2");
            browser.await(LIVE);
            assertThat(browser.evaluate("document.querySelectorAll('#devices :is(img, i, b, script)').length"))
                    .isEqualTo("0");
            assertThat(browser.evaluate("document.getElementById('devices').innerText"))
                    .contains("<img src=x onerror=document.title='broken'>", "<i>id</i>", "&lt;b&gt;",
                            "</td><script>document.title='broken'</script>");
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.evaluate("document.title")).doesNotContain("broken");
        }
    }

    private static Program serve(String collector, int port, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--http-port", String.valueOf(port),
                "--collector", collector));
        arguments.addAll(List.of(more));
        return Project.startJava(arguments.toArray(String[]::new));
    }

    /** How many of the chart's pixels are drawn on. */
    private long inkInChart() throws Exception {
        return Long.parseLong(browser.evaluate("(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                + ".filter((v, i) => i % 4 == 3 && v > 0).length)(document.querySelector('#power canvas'))"));
    }
}
