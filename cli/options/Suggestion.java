package cli.options;

import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The option or command that was probably meant. Picocli's own suggestions miss swapped letters. */
final class Suggestion {

    private static final int MAX_EDITS = 2;

    private Suggestion() {
    }

    /** A question to add to the message, or nothing where no name is close. */
    static String text(UnmatchedArgumentException error) {
        CommandSpec command = error.getCommandLine().getCommandSpec();
        String given = error.getUnmatched().get(0).replaceFirst("=.*", "");
        Stream<String> names = given.startsWith("-")
                ? command.options().stream().filter(option -> !option.hidden()).flatMap(o -> Stream.of(o.names()))
                : command.subcommands().keySet().stream();
        return names.filter(name -> name.length() > MAX_EDITS && edits(given, name) <= MAX_EDITS)
                .min(Comparator.comparingInt(name -> edits(given, name)))
                .map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** How many letters have to be inserted, removed, replaced or swapped with their neighbours. */
    static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[from.length()][to.length()];
    }
}
