package collectors.meters;

import collectors.DeviceKind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A meter that somebody asked for.
 *
 * @param platform its collector's name on the wire: redfish, ipmi or http
 * @param kind     what it covers: the machine, or the outlet that feeds it
 * @param id       its device's, from its address or its given name
 * @param name     for people
 * @param every    how often it is asked
 * @param delay    how old its values are at most when it tells them
 * @param opener   makes what asks it; opens nothing yet
 */
public record MeterSettings(String platform, DeviceKind kind, String id, String name, Duration every, Duration delay,
                            Supplier<MeterSource> opener) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MIN_PERIOD = Duration.ofMillis(200);
    private static final Duration MAX_PERIOD = Duration.ofMinutes(10);
    /** Controllers ask their power supplies once a second or two. */
    private static final Duration CONTROLLER_DELAY = Duration.ofSeconds(2);
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);
    private static final Set<String> COMMON = Set.of("every", "delay", "name");

    /**
     * Reads {@code redfish=URL}, {@code ipmi} or {@code http=URL,json=$.path,unit=W}, each with more keys.
     *
     * @throws IllegalArgumentException with what to do, in one line
     */
    public static MeterSettings parse(String text) {
        MeterKeys keys = new MeterKeys(text);
        return switch (keys.kind()) {
            case "redfish" -> redfish(keys);
            case "ipmi" -> ipmi(keys);
            case "http" -> http(keys);
            default -> throw new IllegalArgumentException(
                    "give redfish=URL, ipmi or http=URL,json=$.path,unit=W");
        };
    }

    MeterSource source() {
        return opener.get();
    }

    private static MeterSettings redfish(MeterKeys keys) {
        keys.allow(with("ca", "credentials", "auth", "chassis", "sensor"));
        URI url = keys.url();
        if (url.getQuery() != null || !Set.of("", "/", "/redfish/v1", "/redfish/v1/").contains(url.getPath())) {
            throw new IllegalArgumentException("give the controller's address alone, such as redfish=https://192.0.2.7");
        }
        MeterHttp http = http(keys, url);
        boolean session = keys.oneOf("auth", List.of("basic", "session"), "basic").equals("session");
        if (session && http.credentials() == null) {
            throw new IllegalArgumentException("auth=session needs credentials=FILE");
        }
        String chassis = keys.text("chassis", null);
        String sensor = keys.text("sensor", null);
        return of("redfish", DeviceKind.MACHINE, keys, host(url), "Whole machine by Redfish at " + host(url),
                CONTROLLER_DELAY, () -> new RedfishSource(http, session, chassis, sensor));
    }

    private static MeterSettings ipmi(MeterKeys keys) {
        keys.allow(COMMON);
        if (keys.hasAddress()) {
            throw new IllegalArgumentException("ipmi asks this machine's own controller and takes no address; for "
                    + "another way to it give redfish=URL");
        }
        return of("ipmi", DeviceKind.MACHINE, keys, "dcmi", "Whole machine by IPMI", CONTROLLER_DELAY,
                () -> new IpmiSource(List.of("ipmitool")));
    }

    private static MeterSettings http(MeterKeys keys) {
        keys.allow(with("ca", "credentials", "json", "unit", "energy", "energy-unit", "scope"));
        URI url = keys.url();
        MeterHttp http = http(keys, url);
        JsonPath power = new JsonPath(keys.required("json", "$.apower"));
        keys.required("unit", "W");
        double watts = switch (keys.oneOf("unit", List.of("W", "mW", "kW"), "W")) {
            case "mW" -> 1e-3;
            case "kW" -> 1e3;
            default -> 1;
        };
        JsonPath energy = keys.text("energy", null) == null ? null : new JsonPath(keys.text("energy", null));
        if (energy == null && keys.text("energy-unit", null) != null) {
            throw new IllegalArgumentException("energy-unit= is for energy=$.path: give both");
        }
        if (energy != null) {
            keys.required("energy-unit", "Wh");
        }
        double joules = switch (keys.oneOf("energy-unit", List.of("Wh", "kWh", "J"), "J")) {
            case "Wh" -> JsonSource.JOULES_PER_WATT_HOUR;
            case "kWh" -> 1e3 * JsonSource.JOULES_PER_WATT_HOUR;
            default -> 1;
        };
        boolean machine = keys.oneOf("scope", List.of("outlet", "machine"), "outlet").equals("machine");
        return of("http", machine ? DeviceKind.MACHINE : DeviceKind.OUTLET, keys, host(url),
                (machine ? "Whole machine" : "Outlet") + " at " + host(url), SECOND,
                () -> new JsonSource(http, url, power, watts, energy, joules));
    }

    private static MeterSettings of(String platform, DeviceKind kind, MeterKeys keys, String place, String name,
                                    Duration delay, Supplier<MeterSource> opener) {
        String given = keys.text("name", null);
        return new MeterSettings(platform, kind, platform + "-" + (given == null ? place : given),
                given == null ? name : given, keys.duration("every", SECOND, MIN_PERIOD, MAX_PERIOD),
                keys.duration("delay", delay, Duration.ZERO, MAX_DELAY), opener);
    }

    private static MeterHttp http(MeterKeys keys, URI url) {
        Path authorities = keys.file("ca");
        Path secret = keys.file("credentials");
        boolean encrypted = url.getScheme().equalsIgnoreCase("https");
        if (authorities != null && !encrypted) {
            throw new IllegalArgumentException("ca= is for https: give such a URL");
        }
        if (secret != null && !encrypted) {
            throw new IllegalArgumentException("the password would be sent in the clear: give an https URL");
        }
        return new MeterHttp(url, secret == null ? null : Credentials.read(secret),
                authorities == null ? null : CertificateTrust.of(authorities));
    }

    private static String host(URI url) {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static Set<String> with(String... more) {
        Set<String> keys = new HashSet<>(COMMON);
        keys.addAll(List.of(more));
        return keys;
    }
}
