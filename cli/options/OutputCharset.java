package cli.options;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How what we print is encoded: as UTF-8, whatever the locale, so that degrees and bars are readable and JSON is JSON.
 * Only a Windows console reads another encoding, its own.
 */
public final class OutputCharset {

    private static final Logger LOG = Logger.getLogger(OutputCharset.class.getName());
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private OutputCharset() {
    }

    /** That of stdout. */
    public static Charset stdout() {
        return Platform.isWindows() && isConsole(STDOUT) ? console("stdout") : StandardCharsets.UTF_8;
    }

    /** That of stderr. */
    public static Charset stderr() {
        return Platform.isWindows() && isConsole(STDERR) ? console("stderr") : StandardCharsets.UTF_8;
    }

    /** What the JDK has found out about the console: in a property with another name before JDK 19. */
    private static Charset console(String stream) {
        String name = System.getProperty(stream + ".encoding", System.getProperty("sun." + stream + ".encoding"));
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    private static boolean isConsole(int descriptor) {
        try {
            return Function.getFunction(Platform.C_LIBRARY_NAME, "_isatty").invokeInt(new Object[] {descriptor}) != 0;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            LOG.log(Level.FINE, "Nobody knows whether the output is a console", e);
            return false;
        }
    }
}
