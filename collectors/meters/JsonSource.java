package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import com.google.gson.JsonElement;
import java.net.URI;
import java.util.Map;

/** Any meter that answers a GET with JSON: an outlet of Shelly or Tasmota, a script of one's own. */
final class JsonSource implements MeterSource {

    static final double JOULES_PER_WATT_HOUR = 3600;

    private final MeterHttp http;
    private final URI uri;
    private final JsonPath power;
    private final double wattsPerUnit;
    private final JsonPath energy;
    private final double joulesPerUnit;

    /** The path of the energy is null where none is wanted. */
    JsonSource(MeterHttp http, URI uri, JsonPath power, double wattsPerUnit, JsonPath energy, double joulesPerUnit) {
        this.http = http;
        this.uri = uri;
        this.power = power;
        this.wattsPerUnit = wattsPerUnit;
        this.energy = energy;
        this.joulesPerUnit = joulesPerUnit;
    }

    @Override
    public Reading read() throws MeterException, InterruptedException {
        JsonElement root = http.json(uri.toString(), http.credentials() == null ? Map.of()
                : Map.of("Authorization", http.credentials().basic()));
        double watts = power.number(root);
        if (!isAvailable(watts)) {
            throw new MeterException("its answer has no power at " + power, "look at what it answers, and give the path to the watts in it");
        }
        double counted = energy == null ? UNAVAILABLE : energy.number(root);
        return new Reading(watts * wattsPerUnit, isAvailable(counted) ? counted * joulesPerUnit : UNAVAILABLE,
                UNAVAILABLE);
    }

    @Override
    public String toString() {
        return http.toString();
    }
}
