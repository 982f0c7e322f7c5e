package cli.install;

/** Words as those who will read them expect: a POSIX shell, systemd, Windows' command interpreter. */
final class Quoting {

    private Quoting() {
    }

    /** A shell's word in quotes, so that nothing in it has a meaning. */
    static String forScript(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A shell's word as people would type it: quoted only where it has to be. */
    static String forShell(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : forScript(word);
    }

    /** A word of ExecStart; see systemd.service(5), "Command lines". */
    static String forSystemd(String word) {
        String escaped = word.replace("%", "%%").replace("$", "$$");
        return escaped.matches("[\\w@%+=:,./$-]+") ? escaped
                : '"' + escaped.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A path in a batch file, where a lone percent sign begins a variable. */
    static String forBatch(String path) {
        return '"' + path.replace("%", "%%") + '"';
    }
}
