package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import server.security.Certificates;

/** Controllers as DMTF's schemas have them, behind real TLS on loopback. */
class RedfishTest {

    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("monitor:geheim".getBytes());

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static Certificates.Pair authority;
    private static Certificates.Pair pair;
    private Path credentials;
    private WebMeter controller;

    @BeforeAll
    static void certify() throws IOException {
        certificates = new Certificates(folder);
        authority = certificates.authority("authority");
        pair = certificates.issue("controller", authority);
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        controller = WebMeter.secure(certificates, pair);
        credentials = Files.writeString(folder.resolve("bmc"), "monitor:geheim\n");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        controller.guard(exchange -> {
            if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                WebMeter.reply(exchange, 401, "{}");
            }
        });
        controller.json("/redfish/v1/", "{'Chassis':{'@odata.id':'/redfish/v1/Chassis'},"
                        + "'Systems':{'@odata.id':'/redfish/v1/Systems'}}")
                .json("/redfish/v1/Chassis", "{'Members':[{'@odata.id':'/redfish/v1/Chassis/1'}]}")
                .json("/redfish/v1/Chassis/1", "{'Id':'1','EnvironmentMetrics':{'@odata.id':'/redfish/v1/Chassis/1/"
                        + "EnvironmentMetrics'},'Power':{'@odata.id':'/redfish/v1/Chassis/1/Power'}}")
                .json("/redfish/v1/Chassis/1/EnvironmentMetrics", "{'PowerWatts':{'DataSourceUri':'/redfish/v1/x',"
                        + "'Reading':374.5},'EnergykWh':{'Reading':325.25},'PowerLimitWatts':{'SetPoint':500}}")
                .json("/redfish/v1/Chassis/1/Power", "{'PowerControl':[{'PowerConsumedWatts':370}]}");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void environmentMetricsTellPowerEnergyAndLimitWithOneRequestForEachLookAfterTheFirst() throws Exception {
        MeterSource source = source("");
        assertThat(source.read()).isEqualTo(new MeterSource.Reading(374.5, 325.25 * 3.6e6, 500));
        int requests = controller.requests.size();
        assertThat(source.read().powerWatts()).isEqualTo(374.5);
        assertThat(controller.requests.subList(requests, controller.requests.size()))
                .containsExactly("GET /redfish/v1/Chassis/1/EnvironmentMetrics");
        assertThat(source.toString()).endsWith("/redfish/v1/Chassis/1/EnvironmentMetrics");
    }

    @Test
    void olderControllersTellItInPowerControl() throws Exception {
        controller.json("/redfish/v1/Chassis/1/EnvironmentMetrics", "{'PowerWatts':null}");
        controller.json("/redfish/v1/Chassis/1/Power", "{'PowerControl':["
                + "{'Name':'Server','PhysicalContext':'Chassis','PowerConsumedWatts':344,'PowerLimit':{'LimitInWatts':null}},"
                + "{'Name':'CPU','PhysicalContext':'CPU','PowerConsumedWatts':120}]}");
        assertThat(source("").read()).isEqualTo(new MeterSource.Reading(344, UNAVAILABLE, UNAVAILABLE));
    }

    @Test
    void elseASensorOfTheWholeChassisDoes() throws Exception {
        controller.json("/redfish/v1/Chassis/1", "{'Sensors':{'@odata.id':'/redfish/v1/Chassis/1/Sensors'}}")
                .json("/redfish/v1/Chassis/1/Sensors", "{'Members':[{'@odata.id':'/redfish/v1/Chassis/1/Sensors/fan'},"
                        + "{'@odata.id':'/redfish/v1/Chassis/1/Sensors/cpu_power'},"
                        + "{'@odata.id':'/redfish/v1/Chassis/1/Sensors/total_power'}]}")
                .json("/redfish/v1/Chassis/1/Sensors/cpu_power",
                        "{'ReadingType':'Power','PhysicalContext':'CPU','Reading':95,'ReadingUnits':'W'}")
                .json("/redfish/v1/Chassis/1/Sensors/total_power",
                        "{'ReadingType':'Power','PhysicalContext':'Chassis','Reading':310,'ReadingUnits':'W'}");
        assertThat(source("").read().powerWatts()).isEqualTo(310);
        assertThat(source(",sensor=cpu_power").read().powerWatts()).isEqualTo(95);
    }

    @Test
    void ofSeveralChassisItTakesThatOfTheOnlyComputerAndElseAsks() throws Exception {
        controller.json("/redfish/v1/Chassis", "{'Members':[{'@odata.id':'/redfish/v1/Chassis/rack'},"
                        + "{'@odata.id':'/redfish/v1/Chassis/1'}]}")
                .json("/redfish/v1/Chassis/rack", "{'Power':{'@odata.id':'/redfish/v1/Chassis/rack/Power'}}")
                .json("/redfish/v1/Chassis/rack/Power", "{'PowerControl':[{'PowerConsumedWatts':4000}]}");
        assertThat(problem(",chassis=2")).isEqualTo("it has no chassis 2 / give chassis= one of rack, 1");
        assertThat(problem("")).isEqualTo("several of its chassis tell power / give chassis= one of rack, 1");
        assertThat(source(",chassis=rack").read().powerWatts()).isEqualTo(4000);
        controller.json("/redfish/v1/Systems", "{'Members':[{'@odata.id':'/redfish/v1/Systems/1'}]}")
                .json("/redfish/v1/Systems/1", "{'Links':{'Chassis':[{'@odata.id':'/redfish/v1/Chassis/1'}]}}");
        assertThat(source("").read().powerWatts()).isEqualTo(374.5);
    }

    @Test
    void whatIsNullOrZeroIsNoPower() throws Exception {
        controller.json("/redfish/v1/Chassis/1/Power", "{'PowerControl':[{'PowerConsumedWatts':0}]}");
        MeterSource source = source("");
        assertThat(source.read().powerWatts()).isEqualTo(374.5);
        controller.json("/redfish/v1/Chassis/1/EnvironmentMetrics", "{'PowerWatts':{'Reading':null}}");
        assertThat(problem(source)).startsWith("it tells no power at /redfish/v1/Chassis/1/EnvironmentMetrics");
        assertThat(problem("")).startsWith("no chassis of it tells power");
        controller.json("/redfish/v1/Chassis/1/EnvironmentMetrics", "['a list']");
        assertThat(problem(source)).startsWith("its answer is no Redfish resource");
        controller.on("/redfish/v1/Chassis/1/EnvironmentMetrics", exchange -> WebMeter.reply(exchange, 200, "<html>"));
        assertThat(problem(source)).startsWith("its answer is no Redfish resource");
    }

    @Test
    void aSessionIsOpenedOnceRenewedWhenItRunsOutAndGivenBack() throws Exception {
        int[] sessions = new int[1];
        controller.guard(exchange -> {
            boolean login = exchange.getRequestMethod().equals("POST");
            String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
            if (login) {
                String body = new String(exchange.getRequestBody().readAllBytes());
                assertThat(body).isEqualTo("{\"UserName\":\"monitor\",\"Password\":\"geheim\"}");
                sessions[0]++;
                exchange.getResponseHeaders().set("X-Auth-Token", "token-" + sessions[0]);
                exchange.getResponseHeaders().set("Location", "/redfish/v1/SessionService/Sessions/" + sessions[0]);
                WebMeter.reply(exchange, 201, "{}");
            } else if (!("token-" + sessions[0]).equals(token)) {
                WebMeter.reply(exchange, 401, "{}");
            }
        });
        MeterSource source = source(",auth=session");
        source.read();
        source.read();
        assertThat(sessions[0]).isEqualTo(1);
        sessions[0]++; // the controller has ended it
        assertThat(source.read().powerWatts()).isEqualTo(374.5);
        assertThat(sessions[0]).isEqualTo(3);
        source.close();
        assertThat(controller.requests.get(controller.requests.size() - 1))
                .isEqualTo("DELETE /redfish/v1/SessionService/Sessions/3");
    }

    @Test
    void whoIsNotLetInIsToldSo() throws Exception {
        Files.writeString(credentials, "monitor:falsch");
        assertThat(problem("")).isEqualTo("it refuses the user or the password (HTTP 401) / check that the user in "
                + credentials + " may log in and read sensors");
        MeterException refusal = catchThrowableOfType(() -> source("").read(), MeterException.class);
        assertThat(refusal.isRefusal()).isTrue();
        assertThat(refusal.getMessage() + refusal.remedy()).doesNotContain("falsch");
    }

    @Test
    void aCertificateIsCheckedAgainstItsAuthorityItsNameOrTheFileWithItself() throws Exception {
        Certificates.Pair other = certificates.authority("other");
        assertThat(problem(MeterSettings.parse("redfish=https://127.0.0.1:" + controller.port() + ",credentials="
                + credentials + ",ca=" + other.certificate()).source()))
                .startsWith("its certificate is not trusted: ").contains(" / openssl s_client -connect 127.0.0.1:");
        assertThat(problem(MeterSettings.parse("redfish=https://127.0.0.1:" + controller.port() + ",credentials="
                + credentials).source())).startsWith("its certificate is not trusted: ");
        assertThat(controller.requests).as("no password left for a stranger").isEmpty();
        // What controllers bring along: signed by itself, for no name of the host.
        try (WebMeter selfSigned = WebMeter.secure(certificates, other)) {
            selfSigned.json("/power", "{'watts':7}");
            String url = "http=https://127.0.0.1:" + selfSigned.port() + "/power,json=$.watts,unit=W,ca=";
            assertThat(MeterSettings.parse(url + other.certificate()).source().read().powerWatts()).isEqualTo(7);
            assertThat(problem(MeterSettings.parse(url + authority.certificate()).source()))
                    .startsWith("its certificate is not trusted");
        }
    }

    @Test
    void redirectsWithinTheControllerAreFollowedAndNoOthers() throws Exception {
        controller.on("/redfish/v1/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/redfish/v1/root");
            WebMeter.reply(exchange, 308, "");
        }).json("/redfish/v1/root", "{'Chassis':{'@odata.id':'/redfish/v1/Chassis'}}");
        assertThat(source("").read().powerWatts()).isEqualTo(374.5);
        try (WebMeter other = WebMeter.plain()) {
            controller.on("/redfish/v1/", exchange -> {
                exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + other.port() + "/redfish/v1/");
                WebMeter.reply(exchange, 302, "");
            });
            assertThat(problem("")).startsWith("it refers to another address, http://127.0.0.1:" + other.port());
            controller.json("/redfish/v1/", "{'Chassis':{'@odata.id':'http://127.0.0.1:" + other.port() + "/c'}}");
            assertThat(problem("")).startsWith("it refers to another address");
            controller.on("/redfish/v1/", exchange -> {
                exchange.getResponseHeaders().set("Location", "/redfish/v1/");
                WebMeter.reply(exchange, 302, "");
            });
            assertThat(problem("")).startsWith("it redirects in a circle");
            assertThat(other.requests).isEmpty();
        }
    }

    private MeterSource source(String more) {
        return MeterSettings.parse("redfish=https://127.0.0.1:" + controller.port() + ",credentials=" + credentials
                + ",ca=" + authority.certificate() + more).source();
    }

    private String problem(String more) {
        return problem(source(more));
    }

    private static String problem(MeterSource source) {
        MeterException thrown = catchThrowableOfType(source::read, MeterException.class);
        return thrown.getMessage() + " / " + thrown.remedy();
    }
}
