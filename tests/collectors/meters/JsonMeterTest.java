package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outlets and others that answer with JSON, over a real connection on loopback. */
class JsonMeterTest {

    private WebMeter web;

    @BeforeEach
    void start() throws IOException {
        web = WebMeter.plain();
    }

    @AfterEach
    void stop() {
        web.close();
    }

    @Test
    void aShellyTellsWattsAndWattHours() throws Exception {
        web.json("/rpc/Switch.GetStatus?id=0", "{'id':0,'source':'init','output':true,'apower':182.4,'voltage':231.2,"
                + "'aenergy':{'total':12345.678,'by_minute':[0.0,0.0,0.0],'minute_ts':1700000000}}");
        assertThat(read("/rpc/Switch.GetStatus?id=0,json=$.apower,unit=W,energy=$.aenergy.total,energy-unit=Wh"))
                .isEqualTo(new MeterSource.Reading(182.4, 12345.678 * 3600, UNAVAILABLE));
    }

    @Test
    void aTasmotaTellsWattsAndKilowattHours() throws Exception {
        web.json("/cm?cmnd=Status%208", "{'StatusSNS':{'Time':'2026-01-02T03:04:05','ENERGY':{'Total':17.125,"
                + "'Power':96,'Voltage':230}}}");
        assertThat(read("/cm?cmnd=Status%208,json=$.StatusSNS.ENERGY.Power,unit=W,energy=$.StatusSNS.ENERGY.Total,"
                + "energy-unit=kWh")).isEqualTo(new MeterSource.Reading(96, 17.125 * 3.6e6, UNAVAILABLE));
    }

    @Test
    void unitsAreConvertedAndTextThatIsANumberIsOne() throws Exception {
        web.json("/m", "{'list':[{'mw':'1500'},{'kw':0.25}]}");
        assertThat(read("/m,json=$.list[0].mw,unit=mW").powerWatts()).isEqualTo(1.5);
        assertThat(read("/m,json=$.list[1].kw,unit=kW").powerWatts()).isEqualTo(250);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $.a          | 1
            $.b[1].c     | 3
            $.switch:0.w | 4
            $[0]         | -1
            $.b[2]       | -1
            $.b.c        | -1
            $.a.x        | -1
            $.null       | -1
            $.true       | -1
            $.text       | -1
            $.negative   | -1
            $.huge       | -1
            """)
    void aPathLeadsToANumberOrToNothing(String path, double number) {
        assertThat(new JsonPath(path).number(JsonParser.parseString("{'a':1,'b':[{'c':2},{'c':3}],'switch:0':{'w':4},"
                + "'null':null,'true':true,'text':'1 W','negative':-5,'huge':1e999}"))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "", "a", "$a", "$.", "$.a..b", "$.a[", "$.a[-1]", "$.a[x]", "$..a", "$.a b"})
    void whatIsNoPathIsRefused(String path) {
        assertThatThrownBy(() -> new JsonPath(path)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no path: give names and places, such as $.meters[0].power");
    }

    @Test
    void everyFailureIsToldInALine() {
        web.on("/500", exchange -> WebMeter.reply(exchange, 500, "no"));
        web.on("/401", exchange -> WebMeter.reply(exchange, 401, ""));
        web.on("/text", exchange -> WebMeter.reply(exchange, 200, "watts: 7"));
        web.on("/nested", exchange -> WebMeter.reply(exchange, 200, "[".repeat(100_000)));
        web.on("/huge", exchange -> WebMeter.reply(exchange, 200, "[" + "0,".repeat(1_000_000) + "0]"));
        web.on("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[10_000]);
            }
        });
        web.on("/broken", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.close();
        });
        web.json("/other", "{'power':null}");
        assertThat(problem("/500")).startsWith("it answers HTTP 500");
        assertThat(problem("/401")).startsWith("it wants a user and a password (HTTP 401) / write USER:PASSWORD into");
        assertThat(problem("/gone")).startsWith("it has no ").contains("/gone (HTTP 404)");
        assertThat(problem("/text")).startsWith("its answer is no JSON");
        assertThat(problem("/nested")).startsWith("its answer is no JSON");
        assertThat(problem("/huge")).startsWith("its answer is larger than 1024 KiB");
        assertThat(problem("/endless")).startsWith("its answer is larger than 1024 KiB");
        assertThat(problem("/broken")).startsWith("it broke the connection off");
        assertThat(problem("/other")).startsWith("its answer has no power at $.power / look at what it answers");
        int port = web.port();
        web.close();
        assertThat(problem("http=http://127.0.0.1:" + port + "/x,json=$.power,unit=W", ""))
                .startsWith("127.0.0.1:" + port + " refuses connections, or cannot be reached");
        assertThat(problem("http=http://no-such-host.invalid/x,json=$.power,unit=W", ""))
                .startsWith("no address is known of the host no-such-host.invalid");
    }

    @Test
    void aPasswordInTheQueryIsShownNowhere() {
        assertThat(problem("/cm?user=admin&password=geheim")).contains("/cm (HTTP 404)").doesNotContain("geheim");
        assertThat(MeterSettings.parse("http=http://127.0.0.1:1/cm?password=geheim,json=$.a,unit=W").source().toString())
                .isEqualTo("http://127.0.0.1:1/cm");
    }

    @Test
    void whatHangsOrTricklesIsGivenUp() {
        web.on("/hang", exchange -> Thread.sleep(60_000));
        web.on("/trickle", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            while (true) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(50);
            }
        });
        for (String path : new String[] {"/hang", "/trickle"}) {
            URI uri = URI.create("http://127.0.0.1:" + web.port() + path);
            MeterHttp http = new MeterHttp(uri, null, null, Duration.ofMillis(400));
            long begin = System.nanoTime();
            MeterException late = catchThrowableOfType(
                    () -> new JsonSource(http, uri, new JsonPath("$.a"), 1, null, 1).read(), MeterException.class);
            assertThat(late).hasMessage("it did not answer within 1 s");
            assertThat((System.nanoTime() - begin) / 1e9).isBetween(0.3, 5.0);
        }
    }

    private MeterSource.Reading read(String pathAndKeys) throws MeterException, InterruptedException {
        return MeterSettings.parse("http=http://127.0.0.1:" + web.port() + pathAndKeys).source().read();
    }

    private String problem(String path) {
        return problem("http=http://127.0.0.1:" + web.port() + path, ",json=$.power,unit=W");
    }

    private static String problem(String address, String keys) {
        MeterException thrown = catchThrowableOfType(() -> MeterSettings.parse(address + keys).source().read(),
                MeterException.class);
        return thrown.getMessage() + " / " + thrown.remedy();
    }
}
