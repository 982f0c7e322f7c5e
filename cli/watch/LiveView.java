package cli.watch;

import java.io.IOException;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/** Draws pictures on a terminal's other screen, reads keys, and gives the terminal back as it was. */
final class LiveView implements AutoCloseable {

    private static final int EXIT_ON_CTRL_C = 130;

    // What terminals since the VT100 understand. The last pair lets newer ones show a picture only when it is whole.
    private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
    private static final String MAIN_SCREEN = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String BEGIN_PICTURE = "\u001b[?2026h";
    private static final String END_PICTURE = "\u001b[?2026l";

    private final Terminal terminal;
    private final Thread restore = new Thread(this::restore, "restore-terminal");
    private volatile Size size;
    private boolean restored;

    /** Takes the terminal over, until it is closed. */
    LiveView(Terminal terminal) {
        this.terminal = terminal;
        // JLine takes the signals over. It may have to start a program to learn the size: only after a change.
        terminal.handle(Terminal.Signal.INT, signal -> System.exit(EXIT_ON_CTRL_C));
        terminal.handle(Terminal.Signal.WINCH, signal -> size = null);
        terminal.enterRawMode();
        Runtime.getRuntime().addShutdownHook(restore);
        terminal.writer().print(OTHER_SCREEN);
    }

    int width() {
        return Math.max(1, size().getColumns());
    }

    int height() {
        return Math.max(1, size().getRows());
    }

    private Size size() {
        Size known = size;
        if (known == null) {
            known = terminal.getSize();
            size = known;
        }
        return known;
    }

    synchronized void draw(List<String> lines) {
        if (restored) {
            return;
        }
        StringBuilder picture = new StringBuilder(BEGIN_PICTURE + HOME);
        for (int i = 0; i < lines.size(); i++) {
            // Cleared before it is written: after its last column some terminals would clear that column.
            picture.append(i == 0 ? "" : "\r\n").append(CLEAR_LINE).append(lines.get(i));
        }
        boolean full = lines.size() >= height();
        terminal.writer().print(picture.append(full ? "" : "\r\n" + CLEAR_BELOW).append(END_PICTURE));
        terminal.flush();
    }

    /** The next key, or a negative number when none came in that time. */
    int key(long timeoutMillis) throws IOException {
        return terminal.reader().read(timeoutMillis);
    }

    /** Whether what {@link #key} returned says that no key will ever come. */
    static boolean isEnd(int key) {
        return key == NonBlockingReader.EOF;
    }

    /** A signal comes at any moment, and JLine may have closed its own writer by then. */
    private synchronized void restore() {
        if (!restored) {
            restored = true;
            System.out.print(MAIN_SCREEN);
            System.out.flush();
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            return; // the process is ending already, and the hook finds its work done
        }
    }
}
