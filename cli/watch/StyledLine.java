package cli.watch;

/** A line of the screen. It ends at the terminal's last column, whatever is added to it. */
final class StyledLine {

    /** What a terminal is told by an SGR sequence (ECMA-48); only the 16 colours that every theme chooses well. */
    enum Style {
        PLAIN(""), BOLD("1"), DIM("2"), RED("31"), GREEN("32"), YELLOW("33"), CYAN("36"), REVERSE("7");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        /** By a share of what is possible: green, from a half on yellow, from 85 % on red. */
        static Style ofLoad(double share) {
            return share >= 0.85 ? RED : share >= 0.5 ? YELLOW : GREEN;
        }
    }

    private final StringBuilder line = new StringBuilder();
    private final int width;
    private final boolean coloured;
    private int used;

    StyledLine(int width, boolean coloured) {
        this.width = width;
        this.coloured = coloured;
    }

    StyledLine add(String text, Style style) {
        String fits = Text.head(text, width - used);
        used += Text.width(fits);
        if (coloured && style != Style.PLAIN && !fits.isBlank()) {
            line.append("\u001b[").append(style.code).append('m').append(fits).append("\u001b[0m");
        } else {
            line.append(fits);
        }
        return this;
    }

    /** Adds a text that stands whole or not at all. */
    StyledLine addWhole(String text, Style style) {
        return Text.width(text) <= free() ? add(text, style) : this;
    }

    StyledLine add(String text) {
        return add(text, Style.PLAIN);
    }

    /** Columns that are still free. */
    int free() {
        return width - used;
    }

    @Override
    public String toString() {
        return line.toString().stripTrailing();
    }
}
