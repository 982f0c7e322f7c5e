package cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandLinesTest {

    @Test
    void whoNamesASubcommandGetsThatAloneAndAnybodyElseAll() {
        int all = CommandLines.create("--help").getSubcommands().size();
        assertThat(CommandLines.create("--port", "0").getSubcommands()).isEmpty();
        assertThat(CommandLines.create("--help").getSubcommands()).hasSizeGreaterThan(5).allSatisfy((name, command) -> {
            assertThat(CommandLines.create(name).getSubcommands()).hasSize(name.equals("completion") ? all : 1)
                    .containsKey(name);
        });
        assertThat(CommandLines.create("mesure").getSubcommands()).as("to be suggested").containsKey("measure");
    }
}
