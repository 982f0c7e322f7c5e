package cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import energy.DeviceEnergy;
import energy.EnergyResponse;
import energy.IntervalEnergy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same results as text, JSON and CSV. */
class ReportsTest {

    private static final long START = 1_700_000_000_123_456_789L;
    private static final List<List<String>> ONE = List.of(List.of("./job", "a,b"));
    private static final Results.Terms PLAIN = new Results.Terms(null, "unit", null, null);

    @Test
    void aSingleRunIsATableWithUncertaintyAndBounds() {
        Results results = results(ONE, PLAIN);
        results.runs.add(run(0, 1, 0, 2, FakeTelemetry.interval(412.34, 4.07)));
        assertThat(TextReport.of(results).lines()).containsExactly(
                "                                                           energy        mean        peak",
                "total                                               412.3 J ± 4.1     100.0 W     100.0 W",
                "  fake 0 Fake (gpu-0)                               412.3 J ± 4.1     100.0 W     100.0 W",
                "time                     2.000 s",
                "energy                   412.3 J ± 4.1, bounds 402.3 to 422.3 J");
    }

    /** The range that is printed lies within the bounds that are printed. */
    @Test
    void noTextClaimsMoreThanTheBounds() {
        Results results = results(ONE, PLAIN);
        IntervalEnergy near = FakeTelemetry.interval(412.34, 40).toBuilder().setLeastJoules(400.3).setMostJoules(500).build();
        results.idle = response(2, near);
        results.runs.add(run(0, 1, 0, 2, near));
        assertThat(TextReport.of(results)).contains("total                                               412 J +40 -12",
                "energy                   412 J +40 -12, bounds 400.3 to 500.0 J", "idle power was 100 W +20 -6 over");
        assertThat(TextReport.progress(results, 1)).contains(": 412 J +40 -12 in");
        assertThat(JsonParser.parseString(JsonReport.of(results)).getAsJsonObject().getAsJsonObject("summary")
                .getAsJsonObject("joules").get("uncertainty").getAsDouble()).isEqualTo(40);
    }

    @Test
    void severalRunsHaveASpread() {
        Results results = results(ONE, new Results.Terms(100.0, "token", 360.0, 0.36));
        results.runs.add(run(0, 1, 0, 1, FakeTelemetry.interval(7190, 3)));
        results.runs.add(run(0, 2, 0, 3, FakeTelemetry.interval(7210, 4)));
        List<String> lines = TextReport.of(results).lines().toList();
        assertThat(lines).contains(
                "time                     2.000 s, standard deviation 1.4 s (1.000 to 3.000 in 2 runs)",
                "energy                   7200.0 J ± 3.5 = 2.000 Wh, standard deviation 14 J (7190 to 7210 in 2 runs),"
                        + " bounds 7190 to 7210 J");
        assertThat(lines).anyMatch(line -> line.startsWith("energy per token         72.000 J ± 0.035, standard deviation 0.14 J"))
                .anyMatch(line -> line.startsWith("carbon                   0.72000 g CO2e ± 0.00035"))
                .anyMatch(line -> line.startsWith("price                    0.00072000 ± "));
    }

    @Test
    void aRunThatFailedOrHasNoJoulesDoesNotSpoilTheOthers() {
        Results results = results(ONE, PLAIN);
        results.runs.add(run(0, 1, 0, 2, FakeTelemetry.interval(400, 4)));
        results.runs.add(run(0, 2, 0, 2, FakeTelemetry.unavailable("the monitor\u001b has ended")));
        results.runs.add(run(0, 3, 130, 2, FakeTelemetry.interval(40, 4)));
        assertThat(TextReport.of(results)).contains("total                                               400.0 J ± 4.0",
                "no total of run 2: the monitor\ufffd has ended");
        JsonObject json = JsonParser.parseString(JsonReport.of(results)).getAsJsonObject();
        assertThat(json.getAsJsonArray("runs")).hasSize(3);
        assertThat(json.getAsJsonObject("summary").getAsJsonObject("joules").get("mean").getAsDouble()).isEqualTo(400);
        JsonObject lost = json.getAsJsonArray("runs").get(1).getAsJsonObject().getAsJsonObject("total");
        assertThat(lost.get("joules").isJsonNull()).isTrue();
        assertThat(lost.get("problem").getAsString()).contains("has ended");
    }

    @Test
    void withoutAnyJoulesTheReasonIsTold() {
        Results results = results(ONE, PLAIN);
        results.runs.add(run(0, 1, 0, 2, FakeTelemetry.unavailable("fake 0: lost")));
        assertThat(TextReport.of(results)).contains("total                                                         n/a",
                "no total: fake 0: lost").doesNotContain("bounds");
    }

    @Test
    void commandsAreComparedWithTheFirst() {
        Results results = results(List.of(List.of("./a"), List.of("./b")), PLAIN);
        for (int number = 1; number <= 2; number++) {
            results.runs.add(run(0, number, 0, 2, FakeTelemetry.interval(99 + number, 1)));
            results.runs.add(run(1, number, 0, 1, FakeTelemetry.interval(299 + number, 1)));
        }
        assertThat(TextReport.of(results)).contains("'./b' takes 2.990 ± 0.054 times the energy and 0.5000 times the"
                + " time of './a'");
        JsonObject other = JsonParser.parseString(JsonReport.of(results)).getAsJsonObject()
                .getAsJsonArray("comparison").get(1).getAsJsonObject();
        assertThat(other.get("joules_ratio").getAsDouble()).isCloseTo(300.5 / 100.5, within(1e-9));
        assertThat(other.getAsJsonObject("summary").getAsJsonObject("joules").get("runs").getAsInt()).isEqualTo(2);
    }

    @Test
    void equalCommandsAreToldApart() {
        Results results = results(List.of(List.of("./a"), List.of("./b"), List.of("./a")), PLAIN);
        for (int command = 0; command < 3; command++) {
            results.runs.add(run(command, 1, 0, 2, FakeTelemetry.interval(100, 1)));
        }
        assertThat(TextReport.of(results).lines()).contains("./a (1)", "./b", "./a (3)")
                .anyMatch(line -> line.startsWith("'./a (3)' takes 1.") && line.endsWith(" of './a (1)'"));
        assertThat(CsvReport.of(results)).contains(",./a (1),1,", ",./b,1,", ",./a (3),1,");
    }

    /** A meter that comes to be known only in the later ones of some short runs. */
    @Test
    void whatIsUnknownInOneRunOnlySaysWhyToo() {
        Results results = results(ONE, PLAIN);
        EnergyResponse whole = response(2, FakeTelemetry.interval(400, 4));
        for (int number = 1; number <= 3; number++) {
            IntervalEnergy metered = number == 2 ? FakeTelemetry.unavailable("it is on trial") : FakeTelemetry.interval(9, 1);
            results.runs.add(new Run(0, number, 0, whole.toBuilder().addDevices(DeviceEnergy.newBuilder()
                    .setPlatform("http").setName("Outlet").setKind("outlet").setId("o").setEnergy(metered)).build()));
        }
        assertThat(TextReport.of(results)).contains("    not added: http 0 Outlet (o)                              n/a",
                "no joules of http 0 Outlet in run 2: it is on trial");
    }

    @Test
    void idlePowerIsTakenOff() {
        Results results = results(ONE, new Results.Terms(10.0, "unit", null, null));
        results.idle = response(4, FakeTelemetry.interval(200, 2));
        results.runs.add(run(0, 1, 0, 2, FakeTelemetry.interval(400, 3)));
        JsonObject json = JsonParser.parseString(JsonReport.of(results)).getAsJsonObject();
        JsonObject above = json.getAsJsonObject("summary").getAsJsonObject("joules_above_idle");
        assertThat(above.get("mean").getAsDouble()).isEqualTo(300);
        assertThat(above.get("uncertainty").getAsDouble()).isCloseTo(3 + 1, within(1e-9));
        assertThat(above.get("lower_bound").getAsDouble()).isEqualTo(390 - 105);
        assertThat(json.getAsJsonObject("summary").keySet()).containsExactly("seconds", "joules", "joules_per_unit",
                "joules_above_idle", "joules_above_idle_per_unit");
        assertThat(json.getAsJsonObject("idle").get("mean_watts").getAsDouble()).isEqualTo(100);
        assertThat(TextReport.of(results)).contains("idle power was 100.00 W ± 0.50 over 4.000 s");
    }

    /** As sensors err that are late: all runs begin with a jump of power, and end with one. */
    @Test
    void noNumberOfRunsAveragesAwayWhatTheSensorsAreOffBy() {
        Results results = results(ONE, new Results.Terms(null, "unit", null, null));
        results.idle = response(4, FakeTelemetry.interval(200, 2));
        for (int number = 1; number <= 4; number++) {
            results.runs.add(run(0, number, 0, 2, FakeTelemetry.interval(400, 3)));
        }
        assertThat(Summary.of(results, 0, "joules").orElseThrow().mean().uncertainty()).isCloseTo(3, within(1e-9));
        assertThat(Summary.of(results, 0, "joules_above_idle").orElseThrow().mean().uncertainty())
                .isCloseTo(3 + 1, within(1e-9));
    }

    @Test
    void csvHasAllThatJsonHas() {
        Results results = results(ONE, new Results.Terms(10.0, "token", null, null));
        results.idle = response(4, FakeTelemetry.interval(200, 2));
        results.runs.add(run(0, 1, 0, 2, FakeTelemetry.interval(400, 3)));
        List<String> lines = CsvReport.of(results).lines().toList();
        assertThat(lines).hasSize(5);
        List<String> header = Arrays.asList(lines.get(0).split(","));
        JsonObject run = JsonParser.parseString(JsonReport.of(results)).getAsJsonObject().getAsJsonArray("runs").get(0)
                .getAsJsonObject();
        assertThat(header).containsAll(run.getAsJsonObject("total").keySet());
        assertThat(header).contains("run", "exit_code", "start_time", "start_nanos", "seconds", "settled", "device_id");
        assertThat(lines.get(3)).contains(",box,run,\"./job a,b\",1,0,2023-11-14T22:13:20.123Z," + START + ",2.0,true,")
                .contains(",total,,,unavailable,400.0,3.0,390.0,410.0,100.0,100.0,1.0,0.0,,token,10.0,40.0,300.0,30.0");
        assertThat(lines.get(4)).contains(",fake,gpu-0,0,gpu,Fake,true,counter,400.0,");
        lines.forEach(line -> assertThat(line.replace("\"./job a,b\"", "").split(",", -1)).hasSize(header.size()));
    }

    private static Results results(List<List<String>> commands, Results.Terms terms) {
        return new Results(new FakeTelemetry().describe(), commands, terms);
    }

    private static Run run(int command, int number, int exitCode, double seconds, IntervalEnergy energy) {
        return new Run(command, number, exitCode, response(seconds, energy));
    }

    private static EnergyResponse response(double seconds, IntervalEnergy energy) {
        return FakeTelemetry.response(START, START + (long) (seconds * 1e9), energy.toBuilder().clearSource().build(),
                energy);
    }
}
