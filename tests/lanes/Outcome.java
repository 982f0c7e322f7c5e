package lanes;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.platform.engine.UniqueId;

/**
 * What tests came to, on its way from one JVM to another.
 *
 * @param passed how many passed
 * @param skipped how many were skipped
 * @param failed those that failed, with their names
 */
record Outcome(int passed, int skipped, Map<UniqueId, String> failed) {

    static Outcome read(DataInputStream in) throws IOException {
        int passed = in.readInt();
        int skipped = in.readInt();
        Map<UniqueId, String> failed = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            failed.put(UniqueId.parse(in.readUTF()), in.readUTF());
        }
        return new Outcome(passed, skipped, failed);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(passed);
        out.writeInt(skipped);
        out.writeInt(failed.size());
        for (Map.Entry<UniqueId, String> test : failed.entrySet()) {
            out.writeUTF(test.getKey().toString());
            out.writeUTF(test.getValue());
        }
        out.flush();
    }
}
