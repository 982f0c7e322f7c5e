package server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import e2e.Tools;
import energy.DescribeResponse;
import energy.DeviceReading;
import energy.EnergySource;
import energy.HealthResponse;
import energy.OwnCost;
import energy.ReadingDetails;
import energy.TelemetryReading;
import energy.TotalReading;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final DeviceReading GPU = DeviceReading.newBuilder().setId("GPU-1").setKind("gpu").setName("Thing")
            .setPlatform("nvidia").setAccounting("added").setPowerWatts(150).setEnergyJoules(1e6)
            .setTemperatureCelsius(40).setMemoryUsedMb(2).setMemoryTotalMb(4).setUtilizationPercent(50)
            .setMemoryUtilizationPercent(25).setInTotal(true).setEnergySource(EnergySource.ENERGY_SOURCE_COUNTER)
            .setPowerLimitWatts(300).setSmActivityPercent(75).setTensorActivityPercent(50).setDramActivityPercent(25)
            .build();
    private static final DeviceReading LOST = DeviceReading.newBuilder().setId("GPU-2").setKind("gpu").setName("Thing")
            .setPlatform("nvidia").setAccounting("added").setPowerWatts(-1).setEnergyJoules(-1)
            .setTemperatureCelsius(-1).setMemoryUsedMb(-1).setMemoryTotalMb(-1).setUtilizationPercent(-1)
            .setMemoryUtilizationPercent(-1).setIndex(1)
            .setPowerLimitWatts(-1).setSmActivityPercent(-1).setTensorActivityPercent(-1).setDramActivityPercent(-1)
            .setPowerAgeSeconds(-1).setProblem("lost").build();
    private static final TelemetryReading READING = TelemetryReading.newBuilder().setPowerWatts(150)
            .setEnergyJoules(1e6).setCpuPowerWatts(-1).setCpuEnergyJoules(-1).setAnePowerWatts(-1)
            .setAneEnergyJoules(-1).setGpuMemoryUsageMb(2).setCpuMemoryUsageMb(1024)
            .setDetails(ReadingDetails.newBuilder().addDevices(GPU).addDevices(LOST)
                    .setTotal(TotalReading.newBuilder().setPowerWatts(190).setEnergyJoules(2e6))).build();
    private static final HealthResponse HEALTH =
            HealthResponse.newBuilder().setHealthy(true).setPlatform("nvidia").build();
    private static final DescribeResponse DESCRIPTION = DescribeResponse.newBuilder().setVersion("1.2.3")
            .setOwnCost(OwnCost.newBuilder().setUptimeSeconds(60).setCpuSeconds(1.5).setResidentMb(-1).setSweepMedianMs(0.5)
                    .setSweepWorstMs(20).setMissedDeadlines(3)).build();

    @Test
    void numbersAreInBaseUnits() throws IOException {
        String labels = "{device=\"GPU-1\",gpu=\"0\",platform=\"nvidia\",scope=\"gpu\",uuid=\"GPU-1\"} ";
        assertThat(text(READING).lines()).contains(
                "energy_monitor_total_power_watts 190.0",
                "energy_monitor_total_energy_joules_total 2000000.0",
                "energy_monitor_power_watts 150.0",
                "energy_monitor_energy_joules_total 1000000.0",
                "energy_monitor_memory_used_bytes 2097152.0",
                "energy_monitor_host_memory_used_bytes 1.073741824E9",
                "energy_monitor_device_power_watts" + labels + "150.0",
                "energy_monitor_device_energy_joules_total" + labels + "1000000.0",
                "energy_monitor_device_temperature_celsius" + labels + "40.0",
                "energy_monitor_device_memory_used_bytes" + labels + "2097152.0",
                "energy_monitor_device_memory_size_bytes" + labels + "4194304.0",
                "energy_monitor_device_utilization_ratio" + labels + "0.5",
                "energy_monitor_device_memory_utilization_ratio" + labels + "0.25",
                "energy_monitor_device_sm_activity_ratio" + labels + "0.75",
                "energy_monitor_device_tensor_activity_ratio" + labels + "0.5",
                "energy_monitor_device_dram_activity_ratio" + labels + "0.25",
                "energy_monitor_device_power_limit_watts" + labels + "300.0",
                "energy_monitor_device_up" + labels + "1.0",
                "energy_monitor_device_counted" + labels + "1.0",
                "energy_monitor_device_info{accounting=\"added\",device=\"GPU-1\",gpu=\"0\",name=\"Thing\","
                        + "platform=\"nvidia\",scope=\"gpu\",source=\"counter\",uuid=\"GPU-1\"} 1",
                "energy_monitor_reading_age_seconds 0.75",
                "process_start_time_seconds 1.7E9",
                "energy_monitor_healthy 1.0",
                "energy_monitor_sweep_median_seconds 5.0E-4",
                "energy_monitor_sweep_worst_seconds 0.02",
                "energy_monitor_missed_deadlines_total 3.0",
                "energy_monitor_build_info{platform=\"nvidia\",version=\"1.2.3\"} 1",
                "process_cpu_seconds_total 1.5");
    }

    @Test
    void whatIsUnavailableIsLeftOut() throws IOException {
        assertThat(text(READING)).doesNotContain(" -", "NaN", "cpu_power", "neural_engine", "resident");
        assertThat(text(READING).lines().filter(line -> line.contains("GPU-2")).map(line -> line.replaceAll("\\{.*", "")))
                .containsExactlyInAnyOrder("energy_monitor_device_up", "energy_monitor_device_asleep",
                        "energy_monitor_device_counted", "energy_monitor_device_info", "energy_monitor_device_problem");
        assertThat(text(READING.toBuilder().setDetails(ReadingDetails.newBuilder()
                .setTotal(TotalReading.newBuilder().setPowerWatts(-1).setEnergyJoules(-1))).setPowerWatts(-1).setEnergyJoules(-1).build()))
                .doesNotContain("_device_", "_watts", "_joules").contains("energy_monitor_host_memory_used_bytes");
        assertThat(text(READING.toBuilder().setPowerWatts(0).build())).contains("energy_monitor_power_watts 0.0\n");
    }

    @Test
    void aLostDeviceIsDownWithItsReasonAndASleepingOneIsNot() throws IOException {
        String lost = "{device=\"GPU-2\",gpu=\"1\",platform=\"nvidia\",scope=\"gpu\",uuid=\"GPU-2\"} ";
        assertThat(text(READING).lines()).contains("energy_monitor_device_up" + lost + "0.0",
                "energy_monitor_device_asleep" + lost + "0.0",
                "energy_monitor_device_problem{device=\"GPU-2\",gpu=\"1\",platform=\"nvidia\",problem=\"lost\","
                        + "scope=\"gpu\",uuid=\"GPU-2\"} 1.0");
        TelemetryReading asleep = READING.toBuilder().setDetails(ReadingDetails.newBuilder()
                .addDevices(LOST.toBuilder().setAsleep(true).setProblem("asleep"))).build();
        assertThat(text(asleep).lines()).contains("energy_monitor_device_up" + lost + "1.0",
                "energy_monitor_device_asleep" + lost + "1.0");
    }

    @Test
    void everyDeviceHasALabelOfItsOwn() throws IOException {
        DeviceReading zone = GPU.toBuilder().setKind("dram").setPlatform("rapl").build();
        assertThat(text(READING.toBuilder()
                .mergeDetails(ReadingDetails.newBuilder().addAllDevices(List.of(GPU, zone)).build()).build()).lines()
                .filter(line -> line.startsWith("energy_monitor_device_power_watts{")))
                .anyMatch(line -> line.contains("device=\"GPU-1\",gpu=\"0\","))
                .anyMatch(line -> line.contains("device=\"GPU-1 (2)\",gpu=\"0\""))
                .anyMatch(line -> line.contains("device=\"GPU-1 (3)\",gpu=\"\",platform=\"rapl\",scope=\"dram\"")).hasSize(3);
    }

    @Test
    void promtoolHasNothingToSay() throws Exception {
        assumeTrue(Tools.isInstalled("promtool"), "promtool is missing: install Prometheus");
        TelemetryReading everything = READING.toBuilder().setCpuPowerWatts(1).setCpuEnergyJoules(2).setAnePowerWatts(3)
                .setAneEnergyJoules(4).mergeDetails(ReadingDetails.newBuilder()
                        .addDevices(GPU.toBuilder().setId("a \"b\" \\ \n é").setName("")).build()).build();
        Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
        try (var in = promtool.getOutputStream()) {
            in.write(text(everything).getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    private static String text(TelemetryReading reading) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(bytes, Metrics.of(reading, HEALTH, DESCRIPTION, 0.75, 1_700_000_060));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
