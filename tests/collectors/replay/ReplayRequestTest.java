package collectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRequestTest {

    @Test
    void optionsStandBehindTheFileInAnyOrder() {
        assertThat(ReplayRequest.parse("replay:a.csv")).isEqualTo(new ReplayRequest(Path.of("a.csv"), 1, false, ""));
        assertThat(ReplayRequest.parse("replay:/x/a.parquet,loop,speed=2.5,host=node 1"))
                .isEqualTo(new ReplayRequest(Path.of("/x/a.parquet"), 2.5, true, "node 1"));
        assertThat(ReplayRequest.parse("replay:a,b,looped.csv,host=b:50053,loop"))
                .isEqualTo(new ReplayRequest(Path.of("a,b,looped.csv"), 1, true, "b:50053"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replay:               | no file is named
            replay:,loop          | no file is named
            replay:a.csv,speed=1,loop,speed=2 | speed is given twice
            replay:a.csv,loop,loop | loop is given twice
            replay:a.csv,speed=0  | speed=0 is no number from
            replay:a.csv,speed=x  | speed=x is no number from
            replay:a.csv,host=    | host= names no machine
            """)
    void whatIsWrongIsToldWithTheForm(String choice, String reason) {
        assertThatThrownBy(() -> ReplayRequest.parse(choice)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason).hasMessageContaining("give replay:FILE[,speed=N][,loop][,host=NAME]");
    }
}
