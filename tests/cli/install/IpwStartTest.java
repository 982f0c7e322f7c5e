package cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IpwStartTest {

    @Test
    void theBatchFileIsReadAsUtf8AndKeepsItsPercentSigns() {
        String text = new IpwStart(Path.of("/müller/100% energy"), "--exit-with-parent", true).text();
        assertThat(text.lines()).startsWith("@echo off", "chcp 65001 >nul").last().asString()
                .isEqualTo("jbang \"/müller/100%% energy/EnergyMonitor.java\" --exit-with-parent %*");
        assertThat(text).endsWith("%*\r\n").doesNotContainPattern("[^\r]\n");
    }

    @Test
    void theShellsScriptBecomesTheMonitor() {
        String text = new IpwStart(Path.of("/it's 100%"), "--exit-with-parent --cpu-fields separate", false).text();
        assertThat(text).startsWith("#!/bin/sh\n# Written by energy-monitor install-ipw")
                .endsWith("exec '/it'\\''s 100%/jbangw' '/it'\\''s 100%/EnergyMonitor.java' --exit-with-parent "
                        + "--cpu-fields separate \"$@\"\n");
    }
}
