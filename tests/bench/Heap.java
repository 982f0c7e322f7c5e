package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lives on the heap of another Java process, as its JDK's {@code jcmd} counts it after a full collection. */
final class Heap {

    /** {@code  12:   345   6789  java.lang.String (java.base@17)}: rank, objects, bytes, class. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)");

    private Heap() {
    }

    /** Bytes of the objects of each class. */
    static Map<String, Long> of(long pid) throws IOException {
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", String.valueOf(pid), "GC.class_histogram")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Long> bytes = new HashMap<>();
        Matcher rows = ROW.matcher(text);
        while (rows.find()) {
            bytes.merge(rows.group(2), Long.parseLong(rows.group(1)), Long::sum);
        }
        if (bytes.isEmpty()) {
            throw new IOException("jcmd tells nothing of process " + pid + ": " + text.strip());
        }
        return bytes;
    }
}
