package cli.watch;

import org.jline.utils.WCWidth;

/** Text measured in columns of a terminal, where some characters are two columns wide and others none. */
final class Text {

    private static final String ELLIPSIS = "…";

    private Text() {
    }

    static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    /** The beginning of a text, in so many columns at most. */
    static String head(String text, int columns) {
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            used += width(character);
            if (used > columns) {
                return text.substring(0, i);
            }
            i += Character.charCount(character);
        }
        return text;
    }

    /** Shortened in the middle: models differ at their begin, and what tells two of a kind apart is at the end. */
    static String shorten(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        if (columns <= 1) {
            return head(text, columns);
        }
        String reversed = new StringBuilder(text).reverse().toString();
        String tail = new StringBuilder(head(reversed, (columns - 1) / 2)).reverse().toString();
        return head(text, columns - 1 - width(tail)) + ELLIPSIS + tail;
    }

    /** Cut at its end, with a mark that it goes on. */
    static String cut(String text, int columns) {
        return width(text) <= columns || columns < 1 ? head(text, Math.max(0, columns))
                : head(text, columns - 1) + ELLIPSIS;
    }

    /** The beginning of a text that goes on: whole words, unless there is none, and the mark. */
    static String cutAtBlank(String begin, int columns) {
        String head = head(begin, Math.max(0, columns - 1));
        int blank = head.length() < begin.length() ? head.lastIndexOf(' ') : -1;
        return (blank > 0 ? head.substring(0, blank) : head).stripTrailing() + (columns > 0 ? ELLIPSIS : "");
    }

    static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - width(text))) + text;
    }

    static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    private static int width(int character) {
        return Math.max(0, WCWidth.wcwidth(character));
    }
}
