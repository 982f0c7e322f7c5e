package telemetry.wire;

import collectors.DeviceSample;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import energy.TelemetryReading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes messages of the contract as JSON on one line: field by field as the descriptor has them, so that nothing can
 * drift. Numbers that are unavailable are null, enums are lower case without their prefix, and what a reading tells in
 * its {@code details} stands at its top level.
 */
public final class ReadingJson {

    private static final String HEX = "0123456789abcdef";
    private static final Map<EnumValueDescriptor, String> ENUM_NAMES = new ConcurrentHashMap<>();

    private final StringBuilder out = new StringBuilder(1024);
    private Set<String> omitted = Set.of();

    private ReadingJson() {
    }

    /** One object, without a line end. */
    public static String json(Message message) {
        ReadingJson json = new ReadingJson();
        json.write(message);
        return json.out.toString();
    }

    /**
     * The same of a reading, with other fields before its own.
     *
     * @param leading names and texts of those fields
     * @param omitted the names of the reading's fields that are left out
     */
    public static String json(Map<String, String> leading, TelemetryReading reading, Set<String> omitted) {
        ReadingJson json = new ReadingJson();
        json.omitted = omitted;
        json.out.append('{');
        leading.forEach((name, text) -> {
            json.name(name);
            json.text(text);
        });
        json.writeFields(reading);
        json.out.append('}');
        return json.out.toString();
    }

    private void write(Message message) {
        out.append('{');
        writeFields(message);
        out.append('}');
    }

    private void writeFields(Message message) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.getNumber() == TelemetryReading.DETAILS_FIELD_NUMBER
                    && message instanceof TelemetryReading reading) {
                if (reading.hasDetails()) {
                    writeFields(reading.getDetails());
                }
                continue;
            }
            if (omitted.contains(field.getName()) && message instanceof TelemetryReading) {
                continue;
            }
            name(field.getName());
            if (field.isRepeated()) {
                out.append('[');
                for (Object element : (List<?>) message.getField(field)) {
                    separate();
                    value(field, element);
                }
                out.append(']');
            } else {
                value(field, message.getField(field));
            }
        }
    }

    private void value(FieldDescriptor field, Object value) {
        switch (field.getJavaType()) {
            case DOUBLE -> {
                if (DeviceSample.isAvailable((double) value)) {
                    out.append((double) value);
                } else {
                    out.append("null");
                }
            }
            case INT -> out.append(field.getType() == FieldDescriptor.Type.UINT32
                    ? Integer.toUnsignedLong((int) value) : (int) value);
            case LONG -> out.append(field.getType() == FieldDescriptor.Type.UINT64
                    ? Long.toUnsignedString((long) value) : Long.toString((long) value));
            case STRING -> text((String) value);
            case ENUM -> text(lowerCase((EnumValueDescriptor) value));
            case MESSAGE -> write((Message) value);
            case BOOLEAN -> out.append((boolean) value);
            default -> throw new IllegalArgumentException("the contract has no " + field.getJavaType());
        }
    }

    /** {@code ENERGY_SOURCE_COUNTER} of the enum {@code EnergySource} becomes {@code counter}. */
    private static String lowerCase(EnumValueDescriptor value) {
        return ENUM_NAMES.computeIfAbsent(value, ReadingJson::withoutPrefix);
    }

    private static String withoutPrefix(EnumValueDescriptor value) {
        String prefix = value.getType().getName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
        return value.getName().replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT);
    }

    private void text(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void name(String name) {
        separate();
        out.append('"').append(name).append("\":");
    }

    private void separate() {
        char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }
}
