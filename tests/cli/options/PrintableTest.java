package cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void whatATerminalWouldObeyIsReplaced() {
        assertThat(Printable.of("GPU\u001b[2J\u0007 \u202egnp\u009b1m")).isEqualTo("GPU\ufffd[2J\ufffd \ufffdgnp\ufffd1m");
        assertThat(Printable.of("a\r\nb\tc\u2028d")).isEqualTo("a  b c\ufffdd");
        assertThat(Printable.isPrintable("a\nb")).isFalse();
    }

    @Test
    void everyScriptIsKept() {
        String text = "Größe 温度 ½ 61 °C — 🔋";
        assertThat(Printable.of(text)).isEqualTo(text);
        assertThat(Printable.isPrintable(text)).isTrue();
    }
}
