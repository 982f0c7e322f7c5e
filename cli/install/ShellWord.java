package cli.install;

/** Words as a POSIX shell reads them. */
final class ShellWord {

    private ShellWord() {
    }

    /** The word within quotes, so that nothing in it means anything to the shell. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** The word as people would type it: within quotes where it needs them. */
    static String of(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : quoted(word);
    }
}
