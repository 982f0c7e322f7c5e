package e2e;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Programs that some tests need and that a machine may lack. */
public final class Tools {

    private Tools() {
    }

    /** Whether a program is on the PATH and can tell its version. */
    public static boolean isInstalled(String program) throws InterruptedException {
        try {
            Process version = new ProcessBuilder(program, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return version.waitFor(20, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
