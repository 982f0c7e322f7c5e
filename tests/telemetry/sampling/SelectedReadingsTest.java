package telemetry.sampling;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.FakeCollector;
import collectors.GpuInfo;
import collectors.TelemetryCollector;
import energy.DeviceReading;
import energy.ReadingDetails;
import energy.TelemetryReading;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import telemetry.accounting.CpuFields;
import telemetry.selection.Selection;
import telemetry.selection.UnknownDeviceException;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;

/** Readings of some of four GPUs and two CPU packages, each sweep when the test wants it. */
@Timeout(60)
class SelectedReadingsTest {

    private final Gpus gpus = new Gpus();
    private final DeviceSample packageZero =
            FakeCollector.device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, "package-0", 40);
    private final FakeCollector cpus = new FakeCollector("rapl", packageZero,
            FakeCollector.device(DeviceKind.CPU_CORES, Accounting.CONTAINED, "cores-0", 30),
            FakeCollector.device(DeviceKind.CPU_PACKAGE, Accounting.ADDED, "package-1", 50));
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Broadcast broadcast = new Broadcast();
    private final Sampler sampler = new Sampler(gpus, new FixedHost(), new FixedHost().info(), broadcast, executor, 20);

    @BeforeEach
    void sampleBoth() throws Exception {
        sampler.addAuxiliary(cpus);
        sweep(3);
    }

    @AfterEach
    void end() {
        sampler.close();
        executor.shutdownNow();
    }

    @Test
    void fieldsDescribeTheSelectedGpusAndTheirSumsAddUpToTheWhole() throws Exception {
        Client all = subscribe(true);
        Client two = subscribe(true, "0", "GPU-c");
        Client rest = subscribe(true, "test:1", "3");
        sweep(5);
        TelemetryReading reading = two.last();
        assertThat(reading.getPowerWatts()).isEqualTo(100 + 300);
        assertThat(reading.getTemperatureCelsius()).isEqualTo(40);
        assertThat(reading.getGpuMemoryUsageMb()).isEqualTo(1000 + 3000);
        assertThat(reading.getGpuMemoryTotalMb()).isEqualTo(2 * 8000);
        assertThat(reading.getGpuComputeUtilizationPct()).isEqualTo(20);
        assertThat(reading.getCpuMemoryUsageMb()).as("the host's").isEqualTo(1234);
        assertThat(reading.getCpuPowerWatts()).as("the machine's").isEqualTo(90);
        assertThat(reading.getPlatform()).isEqualTo("test");
        assertThat(reading.getGpuInfo().getName()).isEqualTo("Model A x2");
        assertThat(reading.getGpuInfo().getVendor()).isEqualTo("Maker");
        assertThat(reading.getGpuInfo().getBackend()).isEqualTo("TEST");
        assertThat(rest.last().getGpuInfo().getName()).isEqualTo("Maker (2 GPUs)");
        assertThat(all.last().getGpuInfo().getName()).isEqualTo("Maker (4 GPUs)");
        for (int i = 0; i < 5; i++) {
            TelemetryReading whole = all.parsed(all.readings.size() - 1 - i);
            List<TelemetryReading> parts = List.of(two.parsed(two.readings.size() - 1 - i),
                    rest.parsed(rest.readings.size() - 1 - i));
            assertThat(parts).extracting(part -> part.getDetails().getSequence())
                    .containsOnly(whole.getDetails().getSequence());
            assertThat(parts.stream().mapToDouble(TelemetryReading::getPowerWatts).sum())
                    .isEqualTo(whole.getPowerWatts()).isEqualTo(1000);
            assertThat(parts.stream().mapToDouble(TelemetryReading::getEnergyJoules).sum())
                    .isCloseTo(whole.getEnergyJoules(), within(1e-9));
        }
    }

    @Test
    void aGpuAloneHasItsIndex() throws Exception {
        Client client = subscribe(false, "GPU-d");
        sweep(1);
        assertThat(client.last().getGpuInfo().getName()).isEqualTo("Model B x1");
        assertThat(client.last().getGpuInfo().getDeviceId()).isEqualTo(3);
        assertThat(client.last().hasDetails()).isFalse();
    }

    @Test
    void detailsHoldTheSelectedDevicesAndTheirTotalAlone() throws Exception {
        Client client = subscribe(true, "1", "rapl:0", "rapl:1");
        sweep(2);
        ReadingDetails details = client.last().getDetails();
        assertThat(details.getDevicesList()).extracting(DeviceReading::getId)
                .containsExactly("GPU-b", "package-0", "cores-0");
        assertThat(details.getDevicesList()).extracting(DeviceReading::getInTotal).containsExactly(true, true, false);
        assertThat(details.getTotal().getPowerWatts()).isEqualTo(200 + 40);
        assertThat(details.getIntervalMs()).isEqualTo(20);
        assertThat(client.last().getPowerWatts()).as("nothing twice").isEqualTo(240);
        assertThat(client.last().getCpuPowerWatts()).as("in field 1 already").isEqualTo(UNAVAILABLE);
        assertThat(client.last().getGpuInfo().getName()).isEqualTo("Model A x1");
        Client cores = subscribe(true, "rapl:1");
        assertThat(cores.last().getPowerWatts()).as("nothing that contains it was selected").isEqualTo(30);
        assertThat(cores.last().getDetails().getTotal().getPowerWatts()).isEqualTo(30);
        assertThat(cores.last().getGpuInfo().getName()).isEmpty();
    }

    @Test
    void aReadingIsEncodedOnceForAllWhoSelectedTheSameAndNotAtAllForNobody() throws Exception {
        Client one = subscribe(true, "0", "1");
        Client same = subscribe(true, "GPU-b", "test:0", "0");
        Client brief = subscribe(false, "1", "0");
        Client other = subscribe(true, "0");
        assertThat(broadcast.detailsWanted()).as("of all devices").isFalse();
        sweep(3);
        for (int i = 0; i < 4; i++) {
            assertThat(same.readings.get(i)).isSameAs(one.readings.get(i));
            assertThat(brief.readings.get(i).message()).isSameAs(one.readings.get(i).message());
            assertThat(brief.readings.get(i).details()).isNull();
            assertThat(other.readings.get(i).message()).isNotEqualTo(one.readings.get(i).message());
        }
    }

    @Test
    void aSlowerStreamOfASelectionIsThinnedOut() throws Exception {
        Client slow = new Client();
        Selection selection = select("0");
        executor.submit(() -> broadcast.subscribe(slow, selection, false, 100_000_000).start()).get();
        int before = slow.readings.size();
        long first = System.nanoTime() + 1_000_000_000L;
        for (int i = 0; i < 50; i++) {
            long due = first + i * 20_000_000L;
            executor.submit(() -> sampler.sample(due)).get();
        }
        assertThat(slow.readings.size() - before).isEqualTo(10);
    }

    @Test
    void aLostGpuKeepsItsJoulesAndTouchesNoOtherSelection() throws Exception {
        Client with = subscribe(true, "0", "1");
        Client without = subscribe(true, "2", "3");
        sweep(3);
        double joules = with.last().getEnergyJoules();
        assertThat(joules).isPositive();
        gpus.samples.get(1).clear();
        gpus.samples.get(1).problem = "GPU is lost";
        double before = joules;
        for (int i = 0; i < 5; i++) {
            sweep(1);
            assertThat(with.last().getEnergyJoules()).isGreaterThanOrEqualTo(before);
            before = with.last().getEnergyJoules();
        }
        assertThat(with.last().getPowerWatts()).isEqualTo(100);
        assertThat(with.last().getDetails().getTotal().getPowerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(with.last().getDetails().getTotal().getProblem()).contains("GPU-b", "GPU is lost");
        assertThat(without.last().getPowerWatts()).isEqualTo(700);
        assertThat(without.last().getDetails().getTotal().getPowerWatts()).isEqualTo(700);
        Client lost = subscribe(true, "GPU-b");
        assertThat(lost.last().getPowerWatts()).isEqualTo(UNAVAILABLE);
        assertThat(lost.last().getEnergyJoules()).as("its last value").isPositive();
        assertThat(lost.last().getGpuInfo().getDeviceId()).isEqualTo(1);
    }

    @Test
    void aNameThatFitsNothingIsRefusedAtOnceWhenAllHaveAnswered() {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> select("0", "GPU-e")).hasCauseInstanceOf(UnknownDeviceException.class)
                .hasMessageContaining("there is no device 'GPU-e': there are test:0 GPU-a, test:1 GPU-b");
        assertThat(System.nanoTime() - begun).isLessThan(1_500_000_000L);
    }

    @Test
    void aDeviceOfACollectorThatIsYetToAnswerIsWaitedFor() throws Exception {
        FakeCollector late = new FakeCollector("late", FakeCollector.gpu("late-0", 7));
        var selecting = sampler.select(List.of("late:0"), () -> false);
        TimeUnit.MILLISECONDS.sleep(50);
        assertThat(selecting).isNotDone();
        sampler.addAuxiliary(late);
        sweep(1);
        assertThat(selecting.get(10, TimeUnit.SECONDS).devices()).hasSize(1);
    }

    @Test
    void aSelectionGoesOnWithItsDevicesWhenAnotherCollectorBecomesThePrimaryOne() throws Exception {
        Client client = subscribe(true, "rapl:0");
        Client all = subscribe(false);
        sweep(3);
        double joules = client.last().getEnergyJoules();
        sampler.setPrimary(cpus, CpuFields.COMBINED);
        packageZero.powerWatts = 77;
        sweep(2);
        assertThat(client.last().getPowerWatts()).as("as it is now").isEqualTo(77);
        assertThat(client.last().getPlatform()).isEqualTo(all.last().getPlatform()).isEqualTo("rapl");
        assertThat(client.last().getEnergyJoules()).isGreaterThan(joules);
        assertThat(client.last().getDetails().getTotal().getPowerWatts()).isEqualTo(77);
        Client byIndex = subscribe(true, "0");
        sweep(1);
        assertThat(byIndex.readings.get(1)).isSameAs(client.readings.get(client.readings.size() - 1));
    }

    private Selection select(String... names) throws Exception {
        return sampler.select(List.of(names), () -> true).get();
    }

    private Client subscribe(boolean withDetails, String... names) throws Exception {
        Client client = new Client();
        var selection = names.length == 0 ? null : select(names);
        executor.submit(() -> broadcast.subscribe(client, selection, withDetails, 0).start()).get();
        return client;
    }

    private void sweep(int times) throws ExecutionException, InterruptedException {
        for (int i = 0; i < times; i++) {
            TimeUnit.MILLISECONDS.sleep(2); // joules are watts by real time
            executor.submit(() -> sampler.sample(System.nanoTime())).get();
        }
    }

    private static final class Gpus implements TelemetryCollector {

        private final List<DeviceSample> samples = List.of(gpu("GPU-a", "Model A", 1), gpu("GPU-b", "Model A", 2),
                gpu("GPU-c", "Model A", 3), gpu("GPU-d", "Model B", 4));

        private static DeviceSample gpu(String id, String name, int number) {
            DeviceSample sample = new DeviceSample(id, DeviceKind.GPU, name);
            sample.powerWatts = 100 * number;
            sample.temperatureCelsius = 20 * number;
            sample.memoryUsedMb = 1000 * number;
            sample.memoryTotalMb = 8000;
            sample.utilizationPercent = 10 * number;
            return sample;
        }

        @Override
        public String platform() {
            return "test";
        }

        @Override
        public GpuInfo gpuInfo() {
            return GpuInfo.of(samples.stream().map(sample -> sample.name).toList(), "Maker", "TEST");
        }

        @Override
        public List<DeviceSample> collect() {
            return samples;
        }
    }

    /** Keeps the readings as they were encoded. */
    private static final class Client implements Broadcast.Subscriber {

        private final List<Reading> readings = new ArrayList<>();

        private TelemetryReading last() throws Exception {
            return parsed(readings.size() - 1);
        }

        private TelemetryReading parsed(int index) throws Exception {
            Reading reading = readings.get(index);
            return TelemetryReading.parseFrom(reading.details() == null ? reading.message()
                    : DetailsEncoder.append(reading, 0));
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void send(Reading reading, long dropped) {
            readings.add(reading);
        }

        @Override
        public void complete() {
            // what is kept stays
        }
    }
}
