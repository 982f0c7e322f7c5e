package collectors.apple.powermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyListSplitterTest {

    private static final int MAX_BYTES = 40;

    private final List<String> found = new ArrayList<>();
    private final PropertyListSplitter splitter = new PropertyListSplitter(new PropertyListSplitter.Lists() {
        @Override
        public void list(byte[] list) {
            found.add(new String(list, StandardCharsets.US_ASCII));
        }

        @Override
        public void tooLong() {
            found.add("too long");
        }
    }, MAX_BYTES);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <plist>1</plist>\\0<plist>2</plist>\\0       | <plist>1</plist>;<plist>2</plist>
            \\0\\n<plist>1</plist>\\n\\0\\n<plist>2</plist> | <plist>1</plist>;<plist>2</plist>
            <plist>1\\0<plist>2</plist>\\0               | <plist>1;<plist>2</plist>
            garbage\\0<plist>2</plist>                  | garbage;<plist>2</plist>
            <pl</pl</plist>\\0<plist>2</plist>          | <pl</pl</plist>;<plist>2</plist>
            """)
    void aListEndsWithItsClosingTagOrANulWhereverTheBytesAreCut(String stream, String expected) {
        byte[] bytes = stream.strip().replace("\\0", "\0").replace("\\n", "\n").getBytes(StandardCharsets.US_ASCII);
        for (int cut = 0; cut <= bytes.length; cut++) {
            found.clear();
            splitter.add(bytes, cut);
            byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
            splitter.add(rest, rest.length);
            assertThat(found).as("cut at %d", cut).containsExactly(expected.strip().split(";"));
            assertThat(splitter.rest()).isEmpty();
        }
    }

    @Test
    void aListThatIsTooLongIsPassedOverAndTheNextOneRead() {
        add("<plist>" + "x".repeat(10 * MAX_BYTES) + "</plist>\0<plist>2</plist>\0");
        add("x".repeat(10 * MAX_BYTES) + "\0<plist>3</plist>");
        assertThat(found).containsExactly("too long", "<plist>2</plist>", "too long", "<plist>3</plist>");
    }

    @Test
    void aListOfTheGreatestLengthIsRead() {
        String list = "<plist>" + "x".repeat(MAX_BYTES - "<plist></plist>".length()) + "</plist>";
        add(list + "\0");
        assertThat(found).containsExactly(list);
    }

    @Test
    void whatIsNoListIsToldAsText() {
        add("<plist>1</plist>\n\0\n must be root \n");
        assertThat(splitter.rest()).isEqualTo("must be root");
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        splitter.add(bytes, bytes.length);
    }
}
