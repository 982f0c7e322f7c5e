package collectors.meters;

import com.google.gson.JsonObject;
import java.util.Map;

/**
 * A machine's controller (iDRAC, iLO, XCC, Supermicro, OpenBMC ...) over DMTF Redfish. Which resource tells the power is
 * looked for once, and again when it is gone; then each look is one request.
 */
final class RedfishSource implements MeterSource {

    private final MeterHttp http;
    private final RedfishLogin login;
    private final RedfishChassis chassis;
    private volatile RedfishChassis.Place place;

    /** The chassis and the sensor may be null: then they are found. */
    RedfishSource(MeterHttp http, boolean session, String wantedChassis, String wantedSensor) {
        this.http = http;
        this.login = new RedfishLogin(http, session);
        this.chassis = new RedfishChassis(this::get, wantedChassis, wantedSensor);
    }

    @Override
    public Reading read() throws MeterException, InterruptedException {
        RedfishChassis.Place at = place;
        if (at == null) {
            at = chassis.find();
            place = at;
        }
        JsonObject resource = get(at.address());
        if (resource == null) {
            place = null;
            throw new MeterException("it has no " + at.address() + " any more");
        }
        if (!at.power().tellsPower(resource)) {
            throw new MeterException("it tells no power at " + at.address());
        }
        return at.power().parse(resource);
    }

    /** A resource, or null when there is none. */
    private JsonObject get(String address) throws MeterException, InterruptedException {
        MeterHttp.Answer answer = send(address);
        if (answer.status() == 401 && login.forgetsToken()) {
            answer = send(address);
        }
        if (answer.status() == 404) {
            return null;
        }
        if (answer.status() != 200) {
            throw http.unexpected(answer.status(), address);
        }
        if (MeterHttp.parse(answer.body()) instanceof JsonObject object) {
            return object;
        }
        throw new MeterException("its answer is no Redfish resource");
    }

    private MeterHttp.Answer send(String address) throws MeterException, InterruptedException {
        Map<String, String> headers = login.headers();
        return http.send("GET", address, headers, null, http.timeout());
    }

    @Override
    public void close() {
        login.logOut();
    }

    @Override
    public String toString() {
        RedfishChassis.Place at = place;
        return http + (at == null ? "" : " " + at.address());
    }
}
