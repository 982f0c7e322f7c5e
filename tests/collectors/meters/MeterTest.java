package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One meter in simulated time, and the words that ask for meters. */
class MeterTest {

    private static final long SECOND = 1_000_000_000L;

    private final DeviceSample sample = new DeviceSample("m", DeviceKind.MACHINE, "m");
    private long now = 5 * SECOND;
    private MeterException failure;
    private double watts = 100;
    private final MeterSource source = () -> {
        now += SECOND / 10;
        if (failure != null) {
            throw failure;
        }
        return new MeterSource.Reading(watts, UNAVAILABLE, UNAVAILABLE);
    };
    private final Meter meter = new Meter(source, settings(), sample, () -> now);

    @Test
    void theLatestValueIsToldWithTheTimeThatItWasAskedFor() throws Exception {
        long asked = now;
        assertThat(meter.ask()).isBetween((long) (0.69 * SECOND), (long) (1.11 * SECOND));
        now += SECOND / 2;
        meter.fill();
        assertThat(sample.powerWatts).isEqualTo(100);
        assertThat(sample.powerNanos).isEqualTo(asked);
        assertThat(sample.askedNanos).isEqualTo(asked);
        assertThat(sample.answeredNanos).isEqualTo(asked + SECOND / 10);
        assertThat(sample.powerDelaySeconds).isEqualTo(2);
        assertThat(sample.problem).isNull();
    }

    @Test
    void aValueOutlivesSomeFailuresAndThenGivesWayToTheReason() throws Exception {
        meter.ask();
        failure = new MeterException("broken", "mend it");
        meter.ask();
        meter.fill();
        assertThat(sample.powerWatts).isEqualTo(100);
        assertThat(meter.remedy()).isEqualTo("mend it");
        now += 6 * SECOND;
        meter.fill();
        assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
        assertThat(sample.answeredNanos).as("nothing was read").isZero();
        assertThat(sample.problem).isEqualTo("broken");
        failure = null;
        meter.ask();
        meter.fill();
        assertThat(sample.powerWatts).isEqualTo(100);
        assertThat(sample.problem).isNull();
        assertThat(meter.remedy()).isEmpty();
    }

    @Test
    void itIsAskedAgainForEverWithGrowingPauses() throws Exception {
        failure = new MeterException("away");
        long longest = 0;
        for (int i = 0; i < 20; i++) {
            long pause = meter.ask();
            assertThat(pause).isGreaterThanOrEqualTo(longest);
            longest = pause;
            now += pause;
        }
        assertThat(longest).isEqualTo(60 * SECOND);
        failure = MeterException.refusal("wrong password", "");
        assertThat(meter.ask()).as("lest the account is locked").isEqualTo(300 * SECOND);
    }

    @Test
    void aMeterThatHangsHoldsUpNobodyAndEndsWhenItIsClosed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        MeterSource hanging = new MeterSource() {
            @Override
            public Reading read() throws InterruptedException {
                asked.countDown();
                new CountDownLatch(1).await();
                return null;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        MeterCollector collector = new MeterCollector("http", List.of(new Meter(hanging, settings(), sample)));
        long begin = System.nanoTime();
        assertThat(collector.collect()).containsExactly(sample);
        assertThat(System.nanoTime() - begin).isLessThan(SECOND / 2);
        asked.await();
        collector.collect();
        assertThat(sample.powerWatts).isEqualTo(UNAVAILABLE);
        collector.close();
        closed.await();
    }

    @Test
    void aCounterIsOfUseOnlyWhileItMovesAtEveryLook() {
        FineCounter fine = new FineCounter();
        FineCounter coarse = new FineCounter();
        FineCounter stopping = new FineCounter();
        for (int i = 0; i < 60; i++) {
            double joules = fine.take(1000 + 200 * i, i * SECOND);
            assertThat(joules).as("look " + i).isEqualTo(i < 4 ? UNAVAILABLE : 1000 + 200 * i);
            assertThat(coarse.take(360_000 * (i / 30), i * SECOND)).isEqualTo(UNAVAILABLE);
            double stopped = stopping.take(200 * Math.min(i, 20), i * SECOND);
            assertThat(stopped >= 0).as("look " + i).isEqualTo(i >= 4 && i <= 24);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            shelly=http://x/                         | give redfish=URL, ipmi or http=URL,json=$.path,unit=W
            redfish                                  | give a URL, such as redfish=https://192.0.2.7
            redfish=192.0.2.7                        | give a URL, such as redfish=https://192.0.2.7
            redfish=ftp://192.0.2.7                  | give a URL, such as redfish=https://192.0.2.7
            redfish=https://a b                      | give a URL, such as redfish=https://192.0.2.7 (
            redfish=https://u:p@192.0.2.7            | put USER:PASSWORD into a file and give credentials=FILE
            redfish=https://192.0.2.7/x              | give the controller's address alone
            redfish=https://192.0.2.7,unit=W         | redfish takes no unit=: give auth=, ca=,
            redfish=https://192.0.2.7,auth=none      | give auth=basic or auth=session
            redfish=https://192.0.2.7,auth=session   | auth=session needs credentials=FILE
            redfish=https://192.0.2.7,ca=/no/file    | /no/file does not exist
            redfish=https://192.0.2.7,credentials=/n | /n does not exist: write USER:PASSWORD into it
            redfish=http://192.0.2.7,credentials=/n  | the password would be sent in the clear: give an https URL
            redfish=http://192.0.2.7,ca=/n           | ca= is for https: give such a URL
            redfish=https://192.0.2.7,every=1h       | give every= from 200ms to 600s, such as every=5s
            redfish=https://192.0.2.7,every=1s,every=2s | every= is given twice: leave one out
            redfish=https://192.0.2.7,name=          | name= has no value
            ipmi=192.0.2.7                           | ipmi asks this machine's own controller and takes no address
            http=http://x/                           | json= is missing: give json=$.apower
            http=http://x/,json=$.a                  | unit= is missing: give unit=W
            http=http://x/,json=a,unit=W             | 'a' is no path
            http=http://x/,json=$.a,unit=V           | give unit=W or unit=mW or unit=kW
            http=http://x/,json=$.a,unit=W,energy=$.b | energy-unit= is missing: give energy-unit=Wh
            http=http://x/,json=$.a,unit=W,energy-unit=J | energy-unit= is for energy=$.path: give both
            http=http://x/,json=$.a,unit=W,scope=all | give scope=outlet or scope=machine
            """)
    void aWrongWordIsToldInALine(String text, String remedy) {
        assertThatThrownBy(() -> MeterSettings.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(remedy);
    }

    @Test
    void aSecretThatOthersCanReadIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("bmc"), "user:pass");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String text = "redfish=https://192.0.2.7,credentials=" + file;
        assertThatThrownBy(() -> MeterSettings.parse(text))
                .hasMessage(file + " can be read by every user of this machine: chmod 600 " + file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        MeterSettings.parse(text);
        Files.writeString(file, "only-a-token");
        assertThatThrownBy(() -> MeterSettings.parse(text)).hasMessage(file + " should have one line, USER:PASSWORD");
        assertThat(new Credentials(file, "user", "pass").toString()).doesNotContain("pass");
    }

    @Test
    void oneMeterMayBeTheTotalAndOfSeveralOnlyTheMachinesOwn() {
        String plug = "http=http://192.0.2.8/,json=$.a,unit=W";
        assertThat(devices(plug)).containsExactly("http-192.0.2.8 OUTLET ADDED");
        assertThat(devices(plug, plug)).as("each may feed one power supply")
                .containsExactly("http-192.0.2.8 OUTLET CONTAINED", "http-192.0.2.8-2 OUTLET CONTAINED");
        assertThat(devices(plug, "redfish=https://192.0.2.7:8443")).containsExactly(
                "redfish-192.0.2.7:8443 MACHINE ADDED", "http-192.0.2.8 OUTLET CONTAINED");
        assertThat(devices("ipmi,name=a", "redfish=https://192.0.2.7")).containsExactly(
                "ipmi-a MACHINE CONTAINED", "redfish-192.0.2.7 MACHINE CONTAINED");
    }

    private static List<String> devices(String... meters) {
        return MeterCollector.of(Stream.of(meters).map(MeterSettings::parse).toList()).stream()
                .flatMap(collector -> collector.samples().stream())
                .map(device -> device.id + " " + device.kind + " " + device.accounting).toList();
    }

    private MeterSettings settings() {
        return new MeterSettings("http", DeviceKind.MACHINE, "m", "m", Duration.ofSeconds(1), Duration.ofSeconds(2),
                () -> source);
    }
}
