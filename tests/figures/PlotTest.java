package figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PlotTest {

    @Test
    void pointsStandWhereTheMarksOfTheAxesSay() throws Exception {
        Document svg = parsed(new Plot("CPU & <GPUs>", "GPUs", true, "% of a core", false)
                .add("one", List.of(point(1, 1), point(4, 2), point(64, 4))).svg());
        NodeList circles = svg.getElementsByTagName("circle");
        assertThat(circles.getLength()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            String x = List.of("1", "4", "64").get(i);
            String y = List.of("1", "2", "4").get(i);
            Element circle = (Element) circles.item(i);
            assertThat(number(circle, "cx")).isEqualTo(number(label(svg, x, "middle"), "x"), within(0.1));
            assertThat(number(circle, "cy") + 4).isEqualTo(number(label(svg, y, "end"), "y"), within(0.1));
        }
        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("CPU & <GPUs>");
    }

    @Test
    void theBandGoesFromTheLeastToTheMost() throws Exception {
        Document svg = parsed(new Plot("t", "x", false, "y", true)
                .add("one", List.of(new Plot.Point(0, new Spread(10, 1, 100)), point(5, 10))).svg());
        String[] band = ((Element) svg.getElementsByTagName("polygon").item(0)).getAttribute("points").split("[ ,]");
        assertThat(Double.parseDouble(band[1])).isEqualTo(number(label(svg, "128", "end"), "y") - 4
                + 0.3561 * (number(label(svg, "64", "end"), "y") - number(label(svg, "128", "end"), "y")), within(0.2));
        assertThat(Double.parseDouble(band[7])).isEqualTo(number(label(svg, "1", "end"), "y") - 4, within(0.1));
    }

    @Test
    void marksAreRoundAndEncloseEverything() {
        assertThat(Scale.linear(500).ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0, 500.0);
        assertThat(Scale.linear(1.3).ticks()).hasSizeBetween(3, 7).last().satisfies(last ->
                assertThat(last).isBetween(1.3, 1.6));
        assertThat(Scale.logarithmic(1, 1000).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(Scale.logarithmic(1, 64).ticks()).containsExactly(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0);
    }

    @Test
    void spreadsAreShortAndTellWhatTheyHide() {
        assertThat(Spread.of(List.of(1.4, 1.1, 1.2345))).hasToString("1.23 (1.1 to 1.4)");
        assertThat(Spread.of(List.of(1.0, 2.0))).hasToString("1.5 (1 to 2)");
        assertThat(Spread.of(List.of(10000.4))).hasToString("10000");
    }

    private static Plot.Point point(double x, double y) {
        return new Plot.Point(x, new Spread(y, y, y));
    }

    private static Element label(Document svg, String text, String anchor) {
        NodeList texts = svg.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            Element element = (Element) texts.item(i);
            if (element.getTextContent().equals(text) && element.getAttribute("text-anchor").equals(anchor)) {
                return element;
            }
        }
        throw new AssertionError("no mark " + text);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
