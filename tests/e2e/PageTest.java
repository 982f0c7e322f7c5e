package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
@Timeout(180)
class PageTest {

    /** With REWRITE_PICTURE=1 the README's picture is made anew. */
    private static final Path PICTURE = Project.ROOT.resolve("docs/page.png");
    private static final boolean REWRITE = "1".equals(System.getenv("REWRITE_PICTURE"));

    private static final String POWER = "document.querySelector('#tiles dd span').textContent";
    private static final String ENERGY = "document.querySelectorAll('#tiles dd span')[1].textContent";
    private static final String LIVE = "document.documentElement?.className == 'live'";

    private static final String SHOWN = LIVE + " && document.title.includes(' W ')";

    /** Texts that lie over each other, each pair as a line. */
    private static final String OVERLAPS = """
            (() => {
              const leaves = [...document.querySelectorAll('header *, main *')].filter(e => e.childElementCount == 0
                && e.textContent.trim() && e.checkVisibility() && !e.closest('.plot, thead'));
              const boxes = leaves.map(e => {
                const range = document.createRange(); range.selectNodeContents(e); return range.getBoundingClientRect();
              });
              const found = [];
              boxes.forEach((a, i) => boxes.forEach((b, j) => {
                if (i < j && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3) {
                  found.push(leaves[i].textContent + ' / ' + leaves[j].textContent);
                }
              }));
              return found.join(', ');
            })()""".replace("\n", " ");

    @TempDir
    private Path folder;
    private Chromium browser;

    @BeforeEach
    void startBrowser() throws Exception {
        Optional<String> command = Chromium.find();
        assumeTrue(command.isPresent(), "chromium is missing: install it to test the page");
        browser = new Chromium(command.get(), folder.resolve("profile"));
    }

    @AfterEach
    void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void thePictureIsOfTheRecording() throws Exception {
        assumeTrue(REWRITE, "REWRITE_PICTURE=1 makes docs/page.png anew");
        try (Program monitor = serve("replay:" + Project.ROOT.resolve("docs/demo.parquet"), 0)) {
            browser.view(1080, 900, true);
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            TimeUnit.SECONDS.sleep(62);
            Files.write(PICTURE, browser.picture());
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
            assertThat(browser.evaluate("document.querySelector('#devices td').textContent")).matches("\\d[\\d.]* W");
            TimeUnit.SECONDS.sleep(2);
            assertThat(inkInChart()).as("lines in the chart").isGreaterThan(500);
            byte[] light = picture("light", 1080, 760, false);
            byte[] dark = picture("dark", 1080, 760, true);
            byte[] phone = picture("phone", 360, 1100, true);
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
            assertThat(browser.evaluate("document.getElementById('power').getAttribute('aria-label')"))
                    .as("the history before the page was opened")
                    .matches("Power over time: [\\d,]+ W in total now, between [\\d,]+ W and [\\d,]+ W in the last [4-9].*");
            browser.await("document.querySelectorAll('#devices tr').length == 12");
            assertThat(browser.evaluate("document.getElementById('legend').textContent"))
                    .containsSubsequence("Total", "GPU 0", "GPU 7", "CPU 0", "DRAM 0", "CPU 1", "DRAM 1");
            browser.evaluate("document.querySelector('#ask button').click()");
            browser.await("/J . .* in total, mean .* W, peak .* W/.test(document.getElementById('interval-text').textContent)");
            assertThat(browser.evaluate("document.querySelectorAll('#interval-parts li').length")).isEqualTo("12");
            for (int width : new int[] {1400, 1024, 390}) {
                picture("large-" + width, width, width == 390 ? 3400 : 1700, width == 1024);
                assertThat(browser.evaluate(OVERLAPS)).as("overlaps at " + width).isEqualTo("");
            }
            assertThat(browser.evaluate("[...document.querySelectorAll('input, button')].filter(e => "
                    + "!(e.labels?.length || e.textContent.trim())).length")).as("without a name").isEqualTo("0");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void anIntervalChosenWithTheMouseShowsItsJoulesWithBounds() throws Exception {
        try (Program monitor = serve("simulated", 0)) {
            browser.view(1080, 760, false);
            browser.open(monitor.pageUrl());
            browser.await(SHOWN);
            TimeUnit.SECONDS.sleep(6);
            browser.evaluate("(over => { const box = over.getBoundingClientRect(); const at = (type, x) => "
                    + "over.dispatchEvent(new MouseEvent(type, {bubbles: true, button: 0, movementX: 5, clientX: box.left + x, "
                    + "clientY: box.top + 50})); at('mousemove', box.width - 60); at('mousedown', box.width - 60); "
                    + "at('mousemove', box.width - 20); at('mouseup', box.width - 20); })"
                    + "(document.querySelector('#power .u-over'))");
            browser.await("document.getElementById('interval-text').textContent.includes(' in total, mean ')");
            assertThat(browser.evaluate("document.getElementById('interval-title').textContent"))
                    .matches("\\d\\d:\\d\\d:\\d\\d to \\d\\d:\\d\\d:\\d\\d, \\d\\.\\d s");
            assertThat(browser.evaluate("document.getElementById('interval-parts').textContent"))
                    .contains("GPU 0", " J \\u00b1 ", "at least ", "at most ");
            picture("interval", 1080, 1300, true);
            browser.evaluate("document.getElementById('clear').click()");
            assertThat(browser.evaluate("document.getElementById('interval').hidden")).isEqualTo("true");
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
            picture("nothing", 1024, 1000, false);
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
            browser.open(monitor.pageUrl());
            browser.await(LIVE);
        }
        browser.await("document.getElementById('status').textContent.startsWith('connection lost')");
        picture("lost", 1024, 900, false);
        try (Program monitor = serve("simulated", port)) {
            browser.await(LIVE);
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

    private static Program serve(String collector, int port) throws Exception {
        return Project.startJava("--port", "0", "--http-port", String.valueOf(port), "--collector", collector);
    }

    /** How many of the chart's pixels are drawn on. */
    private long inkInChart() throws Exception {
        return Long.parseLong(browser.evaluate("(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                + ".filter((v, i) => i % 4 == 3 && v > 0).length)(document.querySelector('#power canvas'))"));
    }

    /** Nothing may stand out to the right. With PICTURES set, the pictures are kept in that folder, to be looked at. */
    private byte[] picture(String name, int width, int height, boolean dark) throws Exception {
        browser.view(width, height, dark);
        browser.await("innerWidth == " + width + " && document.querySelector('#power .uplot').clientWidth < " + width);
        assertThat(browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).isEqualTo("" + dark);
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo("true");
        byte[] picture = browser.picture();
        String keep = System.getenv("PICTURES");
        if (keep != null) {
            Files.write(Path.of(keep, name + ".png"), picture);
        }
        return picture;
    }
}
