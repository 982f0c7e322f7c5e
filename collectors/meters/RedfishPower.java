package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Where a Redfish resource has the power of a chassis (DMTF DSP2046: EnvironmentMetrics, Power, Sensor). */
enum RedfishPower {

    /** {@code PowerWatts}, {@code EnergyJoules} and {@code EnergykWh} are excerpts of sensors. */
    ENVIRONMENT_METRICS {
        @Override
        MeterSource.Reading parse(JsonObject resource) {
            double joules = reading(resource, "EnergyJoules");
            double kilowattHours = reading(resource, "EnergykWh");
            if (!isAvailable(joules) && isAvailable(kilowattHours)) {
                joules = kilowattHours * JOULES_PER_KILOWATT_HOUR;
            }
            JsonElement limit = resource.get("PowerLimitWatts");
            double limitWatts = limit instanceof JsonObject set ? JsonPath.toNumber(set.get("SetPoint")) : UNAVAILABLE;
            return new MeterSource.Reading(reading(resource, "PowerWatts"), joules,
                    limitWatts > 0 ? limitWatts : UNAVAILABLE);
        }
    },

    /** The older resource: {@code PowerControl} is a list whose first, or only one of the whole chassis, is meant. */
    POWER_CONTROL {
        @Override
        MeterSource.Reading parse(JsonObject resource) {
            JsonObject control = wholeChassis(resource.get("PowerControl"));
            if (control == null) {
                return new MeterSource.Reading(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
            }
            JsonElement limit = control.get("PowerLimit");
            double limitWatts = limit instanceof JsonObject set ? JsonPath.toNumber(set.get("LimitInWatts")) : UNAVAILABLE;
            return new MeterSource.Reading(JsonPath.toNumber(control.get("PowerConsumedWatts")), UNAVAILABLE,
                    limitWatts > 0 ? limitWatts : UNAVAILABLE);
        }
    },

    /** A single sensor of {@code ReadingType} Power. */
    SENSOR {
        @Override
        MeterSource.Reading parse(JsonObject resource) {
            JsonElement units = resource.get("ReadingUnits");
            boolean watts = units == null || units.isJsonNull() || "W".equals(RedfishPower.text(units));
            return new MeterSource.Reading(watts ? JsonPath.toNumber(resource.get("Reading")) : UNAVAILABLE, UNAVAILABLE,
                    UNAVAILABLE);
        }
    };

    private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;

    /** What the resource tells; unavailable where it has null or nothing. */
    abstract MeterSource.Reading parse(JsonObject resource);

    /** Whether the resource tells power now; a running machine never draws 0 W, though some controllers say so. */
    boolean tellsPower(JsonObject resource) {
        return parse(resource).powerWatts() > 0;
    }

    private static double reading(JsonObject resource, String name) {
        return resource.get(name) instanceof JsonObject excerpt ? JsonPath.toNumber(excerpt.get("Reading")) : UNAVAILABLE;
    }

    private static JsonObject wholeChassis(JsonElement controls) {
        if (!(controls instanceof JsonArray list)) {
            return null;
        }
        JsonObject whole = null;
        int wholes = 0;
        for (JsonElement each : list) {
            if (each instanceof JsonObject control && "Chassis".equals(text(control.get("PhysicalContext")))) {
                whole = control;
                wholes++;
            }
        }
        return wholes == 1 ? whole : !list.isEmpty() && list.get(0) instanceof JsonObject first ? first : null;
    }

    /** The text, or an empty one. */
    static String text(JsonElement element) {
        return element != null && element.isJsonPrimitive() ? element.getAsString() : "";
    }
}
