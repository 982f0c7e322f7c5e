package cli.measure.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import collectors.host.OperatingSystem;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the system's own processes. */
@Timeout(60)
class LeftoversTest {

    @BeforeEach
    void onlyLinuxTells() {
        assumeTrue(OperatingSystem.current() == OperatingSystem.LINUX, "only Linux shows environments");
    }

    @Test
    void anOrphanInASessionOfItsOwnIsFound() throws Exception {
        // A process shows no environment while it becomes another program: the shell gives both time for that.
        ChildCommand child = new ChildCommand(List.of("/bin/sh", "-c", "setsid sleep 47 & sleep 48 & sleep 0.5"));
        child.start();
        assertThat(child.awaitEnd()).isZero();
        List<String> left = child.leftovers();
        assertThat(left).hasSize(2).allMatch(name -> name.matches("(sleep|setsid|sh) \\(\\d+\\)"));
        for (String name : left) {
            ProcessHandle.of(Long.parseLong(name.replaceAll("\\D", ""))).ifPresent(ProcessHandle::destroy);
        }
    }

    @Test
    void aCommandThatWaitsForItsChildrenLeavesNothing() throws Exception {
        ChildCommand child = new ChildCommand(List.of("/bin/sh", "-c", "sleep 0.05 & wait"));
        child.start();
        child.awaitEnd();
        assertThat(child.leftovers()).isEmpty();
    }
}
