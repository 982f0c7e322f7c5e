package cli.options;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/** Whether somebody watches stderr. */
public final class StderrTerminal {

    private static final int STDERR = 2;

    private StderrTerminal() {
    }

    /** Whether stderr is a terminal that can erase a line; a Windows console may print the sequence for it instead. */
    public static boolean isPresent() {
        return !Platform.isWindows() && Function.getFunction(Platform.C_LIBRARY_NAME, "isatty")
                .invokeInt(new Object[] {STDERR}) == 1;
    }
}
