package cli.record;

import java.io.IOException;
import java.nio.file.Path;

/** What to say when a recording cannot be written any further. */
final class RecordFailure {

    private RecordFailure() {
    }

    static IOException of(Path file, IOException cause) {
        return new IOException(file + " cannot be written to: " + cause.getMessage()
                + "; what was written before can be read", cause);
    }
}
