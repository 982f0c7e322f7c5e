package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The way to one number in JSON: names and places in lists, such as {@code $.StatusSNS.ENERGY.Power} or {@code $.a[0]}. */
final class JsonPath {

    private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]\\s]+)|\\[(\\d{1,6})]");
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private final String text;
    private final List<Object> steps = new ArrayList<>();

    /** Throws {@link IllegalArgumentException} with what to do. */
    JsonPath(String text) {
        this.text = text;
        Matcher matcher = STEP.matcher(text);
        int end = 1;
        while (matcher.find() && matcher.start() == end) {
            if (matcher.group(1) != null) {
                steps.add(matcher.group(1));
            } else {
                steps.add(Integer.valueOf(matcher.group(2)));
            }
            end = matcher.end();
        }
        if (!text.startsWith("$") || end != text.length() || steps.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is no path: give names and places, such as $.meters[0].power");
        }
    }

    /** What is there, or null. */
    JsonElement element(JsonElement root) {
        JsonElement at = root;
        for (Object step : steps) {
            if (step instanceof String name && at != null && at.isJsonObject()) {
                at = at.getAsJsonObject().get(name);
            } else if (step instanceof Integer place && at != null && at.isJsonArray()
                    && place < at.getAsJsonArray().size()) {
                at = at.getAsJsonArray().get(place);
            } else {
                return null;
            }
        }
        return at;
    }

    /** The number there; unavailable where there is none, or a negative one. */
    double number(JsonElement root) {
        return toNumber(element(root));
    }

    /** A JSON number, or a text that is one; unavailable for anything else. */
    static double toNumber(JsonElement element) {
        if (element instanceof JsonPrimitive primitive && !primitive.isBoolean()
                && NUMBER.matcher(primitive.getAsString()).matches()) {
            double number = Double.parseDouble(primitive.getAsString());
            return number >= 0 && number < Double.POSITIVE_INFINITY ? number : UNAVAILABLE;
        }
        return UNAVAILABLE;
    }

    @Override
    public String toString() {
        return text;
    }
}
