package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in the hands of those who have a mouse, a keyboard alone, or a screen reader. */
@Timeout(120)
class PageUseTest {

    private static final String CHOSEN = "/^[0-9.,]+ k?J . [0-9.,]+ in total at least [0-9,]+ J, at most [0-9,]+ J . mean "
            + "[0-9.,]+ W . peak [0-9.,]+ W$/.test(document.getElementById('interval-text').textContent)";
    /** The same on a machine that is too busy to look at the sensors in time. */
    private static final String ANSWERED = "/ in total at least |^No total: /.test("
            + "document.getElementById('interval-text').textContent)";
    private static final String TITLE = "document.getElementById('interval-title').textContent";

    @TempDir
    private Path folder;
    private Chromium browser;
    private Program monitor;

    @BeforeEach
    void open() throws Exception {
        Optional<String> command = Chromium.find();
        assumeTrue(command.isPresent(), "chromium is missing: install it to test the page");
        monitor = Project.startJava("--port", "0", "--http-port", "0", "--collector", "simulated");
        browser = new Chromium(command.get(), folder.resolve("profile"));
        browser.view(1080, 760, false);
        browser.open(monitor.pageUrl());
        browser.await("document.getElementById('power-summary')?.textContent.includes('in the last')");
    }

    @AfterEach
    void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (monitor != null) {
            monitor.close();
        }
    }

    @Test
    void anIntervalChosenWithTheMouseShowsItsJoulesWithBoundsAndCanBeCopied() throws Exception {
        TimeUnit.SECONDS.sleep(4);
        browser.evaluate("(over => { const box = over.getBoundingClientRect(); const at = (type, x) => "
                + "over.dispatchEvent(new MouseEvent(type, {bubbles: true, button: 0, movementX: 5, clientX: box.left + x, "
                + "clientY: box.top + 50})); at('mousemove', box.width - 60); at('mousedown', box.width - 60); "
                + "at('mousemove', box.width - 4); at('mouseup', box.width - 4); })"
                + "(document.querySelector('#power .u-over'))");
        browser.await(CHOSEN);
        assertThat(browser.evaluate(TITLE)).matches("\\d\\d:\\d\\d:\\d\\d to \\d\\d:\\d\\d:\\d\\d, \\d\\.\\d s");
        assertThat(browser.evaluate("document.getElementById('interval-parts').textContent"))
                .contains("GPU 0", " J \\u00b1 ", "at least ", "at most ", "mean ");
        new PageView(browser).picture("interval", 1080, true);
        browser.evaluate("navigator.clipboard.writeText = async text => { window.copied = "
                + "text.replaceAll(String.fromCharCode(9), '|').split(String.fromCharCode(10)); }");
        browser.evaluate("document.getElementById('copy').click()");
        browser.await("document.getElementById('copy').textContent == 'Copied'");
        assertThat(browser.evaluate("window.copied[2]")).matches("total\\|\\|[\\d.]+(\\|[\\d.]+){5}\\|");
        assertThat(browser.evaluate("window.copied.length")).isEqualTo("6");
        browser.evaluate("document.getElementById('clear').click()");
        assertThat(browser.evaluate("document.getElementById('interval').hidden")).isEqualTo("true");
    }

    @Test
    void theKeyboardAloneDoesIt() throws Exception {
        TimeUnit.SECONDS.sleep(4);
        for (int i = 0; i < 10 && !browser.evaluate("document.activeElement.id").equals("power"); i++) {
            browser.press("Tab", false);
        }
        assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("power");
        browser.press("ArrowLeft", false);
        String first = browser.evaluate("document.activeElement.getAttribute('aria-valuetext')");
        assertThat(first).matches("\\d\\d:\\d\\d:\\d\\d, \\d+ W");
        browser.press("ArrowLeft", true);
        browser.press("ArrowLeft", true);
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-valuetext')")).isNotEqualTo(first);
        browser.await(ANSWERED);
        assertThat(browser.evaluate(TITLE)).as("three seconds were passed").endsWith(", 3.0 s");
        browser.press("Escape", false);
        assertThat(browser.evaluate("document.getElementById('interval').hidden")).isEqualTo("true");
        for (int i = 0; i < 10 && !browser.evaluate("document.activeElement.dataset.seconds").equals("10"); i++) {
            browser.press("Tab", false);
        }
        browser.press("Enter", false);
        browser.await(ANSWERED);
    }

    @Test
    void screenReadersGetNamesAndAreNotInterrupted() throws Exception {
        browser.evaluate("document.querySelector('#ask button').click()");
        browser.await(ANSWERED);
        List<String> nodes = browser.accessibleNodes();
        assertThat(nodes).filteredOn(node -> node.matches(
                "(button|checkbox|slider|image|table|region|columnheader|rowheader|heading): *"))
                .as("without a name").isEmpty();
        assertThat(nodes).contains("slider: Moment in the chart of total power", "table: Devices",
                "columnheader: Energy", "checkbox: GPU 0", "button: Copy", "image: Power of each device over time; the table has the numbers");
        assertThat(nodes).anyMatch(node -> node.startsWith("rowheader: GPU 1"));
        assertThat(browser.evaluate("document.querySelectorAll('[aria-live=assertive], [role=alert]').length"))
                .isEqualTo("0");
        browser.evaluate("(() => { window.told = 0; const watch = new MutationObserver(() => { window.told++; });"
                + "document.querySelectorAll('[role=status]').forEach(e => watch.observe(e, {childList: true, "
                + "subtree: true, characterData: true})); })()");
        TimeUnit.SECONDS.sleep(3);
        assertThat(browser.evaluate("window.told")).as("announcements while numbers move").isEqualTo("0");
    }

    @Test
    void whoWantsNothingToMoveGetsNumbersOnceASecond() throws Exception {
        browser.reduceMotion(true);
        browser.open(monitor.pageUrl());
        browser.await("document.documentElement?.className == 'live'");
        assertThat(browser.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")).isEqualTo("true");
        browser.evaluate("(() => { window.moved = 0; new MutationObserver(() => { window.moved++; }).observe("
                + "document.querySelector('#tiles dd span'), {childList: true, characterData: true, subtree: true}); })()");
        TimeUnit.SECONDS.sleep(3);
        assertThat(Integer.parseInt(browser.evaluate("window.moved"))).isBetween(1, 4);
        assertThat(browser.evaluate("document.getAnimations().length")).isEqualTo("0");
    }
}
