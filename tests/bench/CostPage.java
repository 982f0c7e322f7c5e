package bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts what is measured into a page, between two comments, and prints it as well. */
public final class CostPage {

    private static final String BEGIN = "<!-- printed by tests/bench/Bench.java cost -->\n";
    private static final String END = "<!-- end of what is printed -->\n";

    /** Prints tables. */
    public interface Measurement {
        void print() throws Exception;
    }

    private CostPage() {
    }

    /** Measures and replaces what stands between the comments, with the machine and the JDK named first. */
    public static void write(Path page, Measurement measurement) throws Exception {
        String before = Files.readString(page);
        if (!before.contains(BEGIN) || before.indexOf(END) < before.indexOf(BEGIN)) {
            throw new IOException(page + " has no place for the tables: put these two lines there:\n" + BEGIN + END);
        }
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(new Both(out, printed), true, StandardCharsets.UTF_8));
        try {
            System.out.println(machine() + "\n");
            measurement.print();
        } finally {
            System.setOut(out);
        }
        String text = Files.readString(page);
        Files.writeString(page, text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
                + printed.toString(StandardCharsets.UTF_8).strip() + "\n" + text.substring(text.indexOf(END)));
    }

    private static String machine() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown processor");
        return Runtime.getRuntime().availableProcessors() + " cores of " + cpu + ", Linux "
                + System.getProperty("os.version").replaceAll("[^0-9.].*", "") + ", JDK " + Runtime.version().feature()
                + "; load when it began " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + ".";
    }

    private static final class Both extends OutputStream {

        private final OutputStream first;
        private final OutputStream second;

        Both(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int value) throws IOException {
            first.write(value);
            second.write(value);
        }

        @Override
        public void flush() throws IOException {
            first.flush();
            second.flush();
        }
    }
}
