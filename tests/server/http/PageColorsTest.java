package server.http;

import static org.assertj.core.api.Assertions.assertThat;

import e2e.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The colours of the charts' lines can be told apart and seen by everybody. Colour blindness as simulated by the
 * matrices of Machado, Oliveira and Fernandes (2009), severity 1; distances in OKLab (Ottosson 2020), where 0.02 is just
 * noticeable; contrast as WCAG 2.1 defines it.
 */
class PageColorsTest {

    private static final double MIN_DISTANCE = 0.07;
    /** WCAG 2.1, 1.4.11, for graphics, and 1.4.3, for text. */
    private static final double MIN_GRAPHICS_CONTRAST = 3;
    private static final double MIN_TEXT_CONTRAST = 4.5;

    private static final double[][] AS_IT_IS = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final double[][] PROTANOPIA = {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
        {-0.003882, -0.048116, 1.051998}};
    private static final double[][] DEUTERANOPIA = {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
        {-0.011820, 0.042940, 0.968881}};
    private static final double[][] TRITANOPIA = {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602},
        {0.004733, 0.691367, 0.303900}};

    /** The first block of colours is for the light, the second one for the dark. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void linesDifferForEverybodyAndStandOut(int scheme) throws IOException {
        List<double[]> lines = new ArrayList<>();
        double[] card = color("card", scheme);
        for (int i = 0; i < 8; i++) {
            lines.add(color("series-" + i, scheme));
            assertThat(contrast(lines.get(i), card)).as("contrast of line " + i).isGreaterThan(MIN_GRAPHICS_CONTRAST);
        }
        for (double[][] eye : List.of(AS_IT_IS, PROTANOPIA, DEUTERANOPIA, TRITANOPIA)) {
            for (int i = 0; i < lines.size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertThat(distance(seen(eye, lines.get(i)), seen(eye, lines.get(j))))
                            .as("lines " + j + " and " + i + " for " + eye[0][0]).isGreaterThan(MIN_DISTANCE);
                }
            }
        }
        for (String text : List.of("text", "quiet", "accent", "bad", "warn")) {
            assertThat(contrast(color(text, scheme), card)).as(text).isGreaterThan(MIN_TEXT_CONTRAST);
            assertThat(contrast(color(text, scheme), color("back", scheme))).as(text).isGreaterThan(MIN_TEXT_CONTRAST);
        }
    }

    /** A colour of the style sheet in linear light. */
    private static double[] color(String name, int scheme) throws IOException {
        Matcher found = Pattern.compile("--" + name + ": #([0-9a-f]{3,6});").matcher(
                Files.readString(Project.ROOT.resolve("server/http/page.css")));
        String hex = found.results().skip(scheme).findFirst().orElseThrow().group(1);
        String six = hex.length() == 6 ? hex : hex.replaceAll("(.)", "$1$1");
        double[] light = new double[3];
        for (int i = 0; i < 3; i++) {
            double value = Integer.parseInt(six.substring(2 * i, 2 * i + 2), 16) / 255.0;
            light[i] = value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
        }
        return light;
    }

    private static double contrast(double[] one, double[] other) {
        double a = 0.2126 * one[0] + 0.7152 * one[1] + 0.0722 * one[2];
        double b = 0.2126 * other[0] + 0.7152 * other[1] + 0.0722 * other[2];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double[] seen(double[][] eye, double[] light) {
        double[] seen = new double[3];
        for (int i = 0; i < 3; i++) {
            double sum = eye[i][0] * light[0] + eye[i][1] * light[1] + eye[i][2] * light[2];
            seen[i] = Math.max(0, Math.min(1, sum));
        }
        return oklab(seen);
    }

    private static double[] oklab(double[] c) {
        double l = Math.cbrt(0.4122214708 * c[0] + 0.5363325363 * c[1] + 0.0514459929 * c[2]);
        double m = Math.cbrt(0.2119034982 * c[0] + 0.6806995451 * c[1] + 0.1073969566 * c[2]);
        double s = Math.cbrt(0.0883024619 * c[0] + 0.2817188376 * c[1] + 0.6299787005 * c[2]);
        return new double[] {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
    }

    private static double distance(double[] one, double[] other) {
        return Math.sqrt(Math.pow(one[0] - other[0], 2) + Math.pow(one[1] - other[1], 2) + Math.pow(one[2] - other[2], 2));
    }
}
