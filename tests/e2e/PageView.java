package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the page: it fits into every width, no text lies over another, and the pictures are kept. */
final class PageView {

    /** Texts that lie over each other, each pair as a line. */
    private static final String OVERLAPS = """
            (() => {
              const leaves = [...document.querySelectorAll('header *, main *')].filter(e => e.childElementCount == 0
                && e.textContent.trim() && e.checkVisibility() && !e.closest('.plot, thead, .unseen, .readout'));
              const boxes = leaves.flatMap((e, leaf) => {
                const range = document.createRange(); range.selectNodeContents(e);
                return [...range.getClientRects()].map(({left, right, top, bottom}) => ({leaf, left, right, top, bottom}));
              });
              const found = [];
              boxes.forEach(a => boxes.forEach(b => {
                if (a.leaf < b.leaf && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3) {
                  found.push(leaves[a.leaf].textContent + ' / ' + leaves[b.leaf].textContent);
                }
              }));
              return found.join(', ');
            })()""".replace("\n", " ");

    /** Texts that are wider than what they stand in. */
    private static final String OVERFLOWS = "[...document.querySelectorAll('#tiles dd, #tiles small, td, th, li')]"
            + ".filter(e => e.checkVisibility() && !e.closest('thead') && e.scrollWidth > e.clientWidth + 1)"
            + ".map(e => e.textContent).join(', ')";

    private static final Path PICTURES = Path.of(System.getenv().getOrDefault("PICTURES",
            Path.of(System.getProperty("java.io.tmpdir"), "energy-monitor-page").toString()));

    private final Chromium browser;

    PageView(Chromium browser) {
        this.browser = browser;
    }

    /** Pictures on a desk, on a laptop in the dark, and on a phone. */
    void pictures(String name) throws Exception {
        picture(name + "-1400", 1400, false);
        picture(name + "-1024-dark", 1024, true);
        picture(name + "-390", 390, false);
    }

    /** A picture of the whole page, which has to fit. */
    byte[] picture(String name, int width, boolean dark) throws Exception {
        browser.view(width, 900, dark);
        browser.await("innerWidth == " + width + " && [...document.querySelectorAll('.uplot')].every(plot => "
                + "plot.clientWidth < " + width + ")");
        assertThat(browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).isEqualTo("" + dark);
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth")).as("fits " + width)
                .isEqualTo("true");
        assertThat(browser.evaluate(OVERLAPS)).as("overlaps in " + name).isEmpty();
        assertThat(browser.evaluate(OVERFLOWS)).as("too wide in " + name).isEmpty();
        byte[] picture = browser.picture();
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), picture);
        return picture;
    }
}
