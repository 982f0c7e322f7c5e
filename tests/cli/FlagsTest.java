package cli;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.host.OperatingSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every flag of every command: the combinations in which it would have no effect are refused, before anything opens. */
@Timeout(60)
class FlagsTest {

    /** What has its effect in every combination that is not refused below. */
    private static final Set<String> ALWAYS = Set.of("--help", "--version", "--bind-address", "--port", "--http-port",
            "--exit-with-parent", "--log-level", "--collector", "--duration", "--output", "--per", "--carbon",
            "--price", "--until-steady", "--time", "--beside", "--dry-run", "--install", "--jar", "--user", "--target");

    /** What is refused in some of the combinations below. */
    private static final Set<String> REFUSED = Set.of("--macos-power", "--cpu-fields", "--devices", "--no-auxiliary",
            "--path.sysfs", "--path.procfs", "--allowed-host", "--health-without-token", "--tls-cert", "--tls-key",
            "--tls-client-ca", "--tls-ca", "--auth-token-file", "--interval-ms", "--collection-interval-ms", "--json",
            "--csv", "--unit", "--repeat", "--warmup", "--idle", "--compare", "--pid", "--plain", "--color", "--format",
            "--force", "--uninstall", "--gpm");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --collector rapl --macos-power gpu               | --macos-power has no effect here, as it is for the collector macos
            --collector nvidia --cpu-fields separate         | --cpu-fields has no effect here, as it is for the collector rapl
            --collector simulated --devices 0                | --devices has no effect here, as it chooses among GPUs
            --collector replay:docs/demo.parquet --devices 0 | --devices has no effect here, as it chooses among the sensors of this machine, and a recording is replayed whole
            --collector null --no-auxiliary                  | --no-auxiliary has no effect here, as it is for collectors
            --allowed-host box                               | --allowed-host needs --http-port too
            --health-without-token                           | --health-without-token needs --auth-token-file too
            --tls-cert c                                     | --tls-cert needs --tls-key too
            --tls-key k                                      | --tls-key needs --tls-cert too
            --tls-client-ca a                                | --tls-client-ca needs --tls-cert and --tls-key too
            --interval-ms 5 --collection-interval-ms 5       | are the same: give one of them
            --port 1 --port 2                                | --port is given twice: give it once
            measure --collector rapl --macos-power gpu -- true | --macos-power has no effect here
            measure --collector simulated --devices 0 -- true | --devices has no effect here
            watch --collector simulated --devices 0          | --devices has no effect here
            doctor --collector null --no-auxiliary           | --no-auxiliary has no effect here
            record --collector simulated --devices 0 -       | --devices has no effect here
            measure --cpu-fields separate -- true            | unknown option --cpu-fields
            measure --target a --collector null -- true      | --collector chooses among the sensors of this machine
            watch --target a --no-auxiliary                  | --no-auxiliary chooses among the sensors of this machine
            doctor --target a --path.sysfs /sys              | --path.sysfs chooses among the sensors of this machine
            doctor --target a --path.procfs /proc            | --path.procfs chooses among the sensors of this machine
            record --target a --macos-power gpu -            | --macos-power chooses among the sensors of this machine
            measure --tls-ca f -- true                       | are for a --target: give one
            measure --auth-token-file f -- true              | are for a --target: give one
            watch --target a --tls-cert f                    | --tls-cert and --tls-key need --tls-ca
            watch --target a --target b                      | give --target once
            record --target a --target a -                   | --target a is given twice: give it once
            measure --gpm -- true                            | --gpm adds nothing to joules
            measure --json --csv -- true                     | --json and --csv exclude each other: give one of them
            measure --unit token -- true                     | give --per, too
            measure --pid 1 --repeat 1                       | --pid measures a process that runs already
            measure --pid 1 --warmup 0                       | --pid measures a process that runs already
            measure --pid 1 --idle 1s                        | --pid runs already: leave one of them out
            measure --pid 1 --compare a b                    | --pid measures a process that runs already
            measure --compare a                              | --compare needs two commands
            watch --plain --color always                     | --color has no effect with --plain: leave one out
            record --format csv x.csv                        | --format is for stdout
            record --force -                                 | --force replaces a file: leave it out for stdout
            install-ipw --uninstall --force .                | --force has no effect with --uninstall
            """)
    void aFlagWithoutEffectIsRefused(String arguments, String reason) {
        assertRefused(arguments, reason);
    }

    @Test
    void whatIsForAnotherSystemIsRefusedThere() {
        boolean mac = OperatingSystem.current() == OperatingSystem.MACOS;
        for (String command : new String[] {"", "watch ", "doctor ", "record - "}) {
            assertRefused(command + (mac ? "--path.sysfs /sys" : "--macos-power gpu"),
                    mac ? "--path.sysfs has no effect here" : "--macos-power has no effect here");
        }
    }

    @Test
    void aScriptForEverySystemMayNameWhatIsForOneSystemEach() {
        assertRefused("--macos-power gpu --cpu-fields separate --collector null --no-auxiliary",
                "--no-auxiliary has no effect here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port abc                    | invalid value 'abc' for --port: give a whole number.
            --log-level loud              | invalid value 'loud' for --log-level: give off or error or warn or info or debug.
            --port                        | --port stands without its PORT: give one.
            --prot 1                      | unknown option --prot; did you mean --port? Try
            meaure                        | unknown command 'meaure'; did you mean measure? Try
            watch all                     | 'all' has no meaning here: leave it out.
            watch --duration 5x           | invalid value '5x' for --duration: give a time such as 500ms, 5s, 1.5m or 2h; a number alone is seconds.
            watch --duration 999999999h   | invalid value '999999999h' for --duration: give ten years at most.
            doctor --time soon            | give a time such as 500ms
            doctor --collector frobnicate | give auto, nvidia,
            doctor --path.sysfs /no/such/folder | there is no such folder
            watch --duration soon         | give a time such as 500ms
            watch --plain --color never   | --color has no effect with --plain
            measure --gpm -- true         | leave it out, or use record
            watch --gpm --target box:1    | --gpm chooses among the sensors
            measure --per 0 -- true       | give a number above 0
            measure --idle 0.4ms -- true  | give 1ms or more
            measure --per 5 --carbon -1 -- true | give a number above 0
            measure --pid 999999999       | there is no process 999999999
            measure --interval-ms 0 -- true | give a number from 1
            record --target 127.0.0.1:1 no.xlsx | .csv.gz, .jsonl.gz or .parquet
            record --collector simulated  | FILE
            record --format csv no.csv    | --format is for stdout
            record --format parquet -     | 'parquet'
            record --duration soon no.csv | give a time such as 500ms
            record --duration 0s no.csv   | give 1ms or more
            service                       | missing print
            service start                 | start
            service print upstart         | give systemd or launchd
            service print launchd --jar /a--b/m.jar | give a path without '--'
            service print -- --frobnicate | the monitor's own flags: unknown option --frobnicate
            doctor --time 100h            | invalid value '100h' for --time: give 1h at most; record and watch go on for longer.
            measure --idle 0 -- true      | invalid value '0' for --idle: give 1ms or more.
            measure --repeat x -- true    | invalid value 'x' for --repeat: give a whole number.
            watch --devices=              | invalid value '' for --devices: give visible, all, or a list of indices and UUIDs.
            --port -1                     | invalid value '-1' for --port: give a number from 0 to 65535.
            --http-port -1                | invalid value '-1' for --http-port: give a number from 0 to 65535.
            --collection-interval-ms 0    | invalid value '0' for --collection-interval-ms: give a number from 1 to 3600000.
            --interval-ms 0               | invalid value '0' for --interval-ms: give a number from 1 to 3600000.
            --collector frobnicate        | give auto, nvidia,
            --collector java.lang.String  | does not implement
            --path.sysfs /no/such/folder  | '/no/such/folder' for --path.sysfs: there is no such folder
            --path.procfs /no/such/folder | '/no/such/folder' for --path.procfs: there is no such folder
            --bind-address=               | invalid value '' for --bind-address: give an address of this machine
            service print --jar=          | invalid value '' for --jar: give the jar itself, such as /opt/
            service print --jar=docs      | invalid value 'docs' for --jar: give the jar itself
            measure --per 1e400 -- true   | invalid value '1e400' for --per: give a number above 0.
            measure --price 0 -- true     | invalid value '0' for --price: give a number above 0.
            measure --per 2 --unit= -- true | invalid value '' for --unit: give the name of a unit, such as token.
            measure --per x -- true       | invalid value 'x' for --per: give a number such as 2.5.
            measure --repeat 0 -- true    | invalid value '0' for --repeat: give a number from 1 up.
            record                        | missing FILE: give one.
            completion tcsh               | invalid value 'tcsh' for SHELL: give bash or
            measure                       | missing COMMAND: give what is to be measured behind --, or --pid.
            """)
    void aWrongValueNamesItsFlagAndWhatIsWanted(String arguments, String message) {
        assertRefused(arguments, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port abc
            --port -1
            --http-port -1
            --collection-interval-ms 0
            --interval-ms 0
            frobnicate
            --collector frobnicate
            --collector java.lang.String
            --path.sysfs /no/such/folder
            --path.procfs /no/such/folder
            """)
    void wrongUsageEndsWithWhereHelpIs(String arguments) {
        refusal(arguments.split(" ")).endsWith("Try 'energy-monitor --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--jar=/opt/a\n/m.jar", "--=\u001b[2J"})
    void noValueOfAServiceCanBeginAnotherLine(String value) {
        refusal(value.startsWith("--=") ? new String[] {"service", "print", "systemd", "--", "--devices",
            value.substring(3)} : new String[] {"service", "print", "systemd", value})
                .contains("a line break or another control character");
    }

    @Test
    void aRecordingIsNotReplacedByItsOwnReplay(@TempDir Path folder) throws Exception {
        Path file = Files.copy(Path.of("docs/demo.parquet"), folder.resolve("x.parquet"));
        String same = folder.resolve(".").resolve("x.parquet").toString();
        String lost = "' is the recording that is replayed, and would be lost: give another file to write to";
        assertRefused("record --collector replay:" + file + " --duration 1ms --force " + same, lost);
        assertRefused("measure --collector replay:" + file + " -o " + same + " -- true", lost);
    }

    @Test
    void everyFlagIsInTheTable() {
        Set<String> flags = new TreeSet<>();
        collect(CommandLines.create("help"), flags);
        Set<String> known = new TreeSet<>(ALWAYS);
        known.addAll(REFUSED);
        assertThat(flags).as("a new flag: where has it no effect?").isEqualTo(known);
    }

    private static void collect(CommandLine command, Set<String> flags) {
        command.getCommandSpec().options().stream().map(OptionSpec::longestName).forEach(flags::add);
        command.getSubcommands().values().forEach(each -> collect(each, flags));
    }

    private static void assertRefused(String arguments, String reason) {
        refusal(arguments.strip().split(" ")).contains(reason);
    }

    /** The one line that wrong usage gets. */
    private static AbstractStringAssert<?> refusal(String... words) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();
        CommandLine commandLine = CommandLines.create(words);
        commandLine.setErr(new PrintWriter(err)).setOut(new PrintWriter(out));
        assertThat(commandLine.execute(words)).as(err.toString()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        return assertThat(err.toString().lines()).singleElement().asString().startsWith("energy-monitor: ");
    }
}
