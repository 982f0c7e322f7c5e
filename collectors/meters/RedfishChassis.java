package collectors.meters;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds which resource of a Redfish service tells the power of the machine. Where it could be another machine's or a
 * part's, it asks to be told which: a wrong meter is worse than none.
 */
final class RedfishChassis {

    private static final String ROOT = "/redfish/v1/";
    private static final int MAX_MEMBERS = 64;
    private static final Pattern POWER_SENSOR = Pattern.compile("power|pwr|watt");

    /** Asks for a resource; null when there is none. */
    @FunctionalInterface
    interface Resources {
        JsonObject get(String address) throws MeterException, InterruptedException;
    }

    /**
     * Where the power is told.
     *
     * @param address of the resource
     * @param power   how it tells it
     */
    record Place(String address, RedfishPower power) {
    }

    private final Resources resources;
    private final String wantedChassis;
    private final String wantedSensor;

    /** The chassis and the sensor may be null: then they are found. */
    RedfishChassis(Resources resources, String wantedChassis, String wantedSensor) {
        this.resources = resources;
        this.wantedChassis = wantedChassis;
        this.wantedSensor = wantedSensor;
    }

    /** Looks through the service. */
    Place find() throws MeterException, InterruptedException {
        JsonObject root = resources.get(ROOT);
        if (root == null || link(root.get("Chassis")) == null) {
            throw new MeterException("it is no Redfish service: it has no chassis at " + ROOT);
        }
        List<String> all = members(root.get("Chassis"));
        if (wantedChassis != null) {
            String address = all.stream().filter(each -> name(each).equals(wantedChassis)).findFirst().orElseThrow(
                    () -> new MeterException("it has no chassis " + wantedChassis, "give chassis= one of " + names(all)));
            Place place = place(address);
            if (place == null) {
                throw new MeterException("its chassis " + wantedChassis + " tells no power");
            }
            return place;
        }
        List<String> candidates = all.size() > 1 ? ofTheOnlySystem(root, all) : all;
        List<Place> places = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String chassis : candidates) {
            Place place = place(chassis);
            if (place != null) {
                places.add(place);
                found.add(chassis);
            }
        }
        if (places.isEmpty()) {
            throw new MeterException("no chassis of it tells power: neither EnvironmentMetrics nor Power nor a sensor "
                    + "of the whole chassis");
        }
        if (places.size() > 1) {
            throw new MeterException("several of its chassis tell power", "give chassis= one of " + names(found));
        }
        return places.get(0);
    }

    /** The chassis that the only computer behind this service stands in; all when that is not told. */
    private List<String> ofTheOnlySystem(JsonObject root, List<String> all) throws MeterException, InterruptedException {
        List<String> systems = link(root.get("Systems")) == null ? List.of() : members(root.get("Systems"));
        if (systems.size() != 1) {
            return all;
        }
        JsonObject system = resources.get(systems.get(0));
        JsonElement links = system == null ? null : system.get("Links");
        List<String> its = links instanceof JsonObject object ? links(object.get("Chassis")) : List.of();
        return its.isEmpty() ? all : its;
    }

    private Place place(String address) throws MeterException, InterruptedException {
        JsonObject chassis = resources.get(address);
        if (chassis == null) {
            return null;
        }
        if (wantedSensor == null) {
            Place place = place(chassis.get("EnvironmentMetrics"), RedfishPower.ENVIRONMENT_METRICS);
            place = place != null ? place : place(chassis.get("Power"), RedfishPower.POWER_CONTROL);
            if (place != null) {
                return place;
            }
        }
        return link(chassis.get("Sensors")) == null ? null : sensor(members(chassis.get("Sensors")));
    }

    private Place place(JsonElement reference, RedfishPower power) throws MeterException, InterruptedException {
        String address = link(reference);
        JsonObject resource = address == null ? null : resources.get(address);
        return resource != null && power.tellsPower(resource) ? new Place(address, power) : null;
    }

    /** The only sensor of the power of the whole chassis, or that which was asked for. */
    private Place sensor(List<String> sensors) throws MeterException, InterruptedException {
        Place found = null;
        for (String address : sensors) {
            String name = name(address);
            if (wantedSensor != null ? !name.equals(wantedSensor)
                    : !POWER_SENSOR.matcher(name.toLowerCase(Locale.ROOT)).find()) {
                continue;
            }
            JsonObject sensor = resources.get(address);
            boolean ofTheChassis = sensor != null && (wantedSensor != null
                    || "Power".equals(RedfishPower.text(sensor.get("ReadingType")))
                    && "Chassis".equals(RedfishPower.text(sensor.get("PhysicalContext"))));
            if (ofTheChassis && RedfishPower.SENSOR.tellsPower(sensor)) {
                if (found != null) {
                    throw new MeterException("several of its sensors tell the power of a chassis",
                            "give sensor= " + name(found.address()) + " or " + name);
                }
                found = new Place(address, RedfishPower.SENSOR);
            }
        }
        return found;
    }

    private List<String> members(JsonElement reference) throws MeterException, InterruptedException {
        JsonObject collection = resources.get(link(reference));
        return collection == null ? List.of() : links(collection.get("Members"));
    }

    private static List<String> links(JsonElement list) {
        Set<String> links = new LinkedHashSet<>();
        for (JsonElement each : list instanceof JsonArray array ? array : new JsonArray()) {
            String link = link(each);
            if (link != null && links.size() < MAX_MEMBERS) {
                links.add(link);
            }
        }
        return List.copyOf(links);
    }

    /** The address that a reference has, or null. */
    private static String link(JsonElement reference) {
        String address = reference instanceof JsonObject object ? RedfishPower.text(object.get("@odata.id")) : "";
        return address.isEmpty() ? null : address;
    }

    private static String name(String address) {
        String trimmed = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String names(List<String> addresses) {
        return String.join(", ", addresses.stream().map(RedfishChassis::name).toList());
    }
}
