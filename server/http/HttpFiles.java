package server.http;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Files of the class path that are served as they are: the page, and the library that draws its charts. */
final class HttpFiles {

    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final Map<String, Entry> BY_PATH = Map.ofEntries(
            Map.entry("/", new Entry("server/http/page.html", "text/html; charset=utf-8")),
            script("page.js"), script("page.charts.js"), script("page.history.js"), script("page.interval.js"),
            script("page.table.js"), script("page.text.js"),
            Map.entry("/page.css", new Entry("server/http/page.css", STYLE)),
            Map.entry("/uplot.js", new Entry(UPLOT + "uPlot.iife.min.js", SCRIPT)),
            Map.entry("/uplot.css", new Entry(UPLOT + "uPlot.min.css", STYLE)));

    /** One file with its media type. */
    record Entry(String resource, String type) {

        byte[] read() {
            try (InputStream in = HttpFiles.class.getClassLoader().getResourceAsStream(resource)) {
                if (in == null) {
                    throw new FileNotFoundException(resource + " is missing on the class path");
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private HttpFiles() {
    }

    private static Map.Entry<String, Entry> script(String name) {
        return Map.entry("/" + name, new Entry("server/http/" + name, SCRIPT));
    }

    /** The file behind a path; null when there is none. */
    static Entry find(String path) {
        return BY_PATH.get(path);
    }
}
