package cli.options;

/**
 * Text from outside (a driver, another machine, a path) as a terminal or a log may show it: without characters that
 * move the cursor, change colours, end the line or reverse the direction of writing.
 */
public final class Printable {

    private static final char REPLACEMENT = '\ufffd';

    private Printable() {
    }

    /** The text on one line; a line break or tab becomes a blank, any other control character U+FFFD. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(character -> printable.appendCodePoint(replace(character)));
        return printable.toString();
    }

    /** Whether nothing in the text would be replaced. */
    public static boolean isPrintable(String text) {
        return text.codePoints().allMatch(character -> replace(character) == character);
    }

    private static int replace(int character) {
        if (character == '\n' || character == '\r' || character == '\t') {
            return ' ';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> REPLACEMENT;
            default -> character;
        };
    }
}
