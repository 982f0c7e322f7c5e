package collectors.replay.file;

import static collectors.DeviceSample.UNAVAILABLE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as a map, a list, a String, a Long, a Double, a Boolean or null. Whole numbers stay whole: a double has too few
 * digits for nanoseconds of Unix time. Facts: RFC 8259.
 */
final class Json {

    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /**
     * The object that a text is.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Map<?, ?> object(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipSpace();
        if (!(value instanceof Map<?, ?> object) || json.at != text.length()) {
            throw json.wrong();
        }
        return object;
    }

    /** A member's text; empty when it has none. */
    static String text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text ? text : "";
    }

    /** A member's number; unavailable when it has none. */
    static double number(Map<?, ?> object, String name) {
        return object.get(name) instanceof Number number ? number.doubleValue() : UNAVAILABLE;
    }

    /** A member's whole number; 0 when it has none. */
    static long integer(Map<?, ?> object, String name) {
        return object.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** A member that is an object; an empty one when there is none. */
    static Map<?, ?> object(Map<?, ?> object, String name) {
        return object.get(name) instanceof Map<?, ?> member ? member : Map.of();
    }

    /** A member's objects. */
    static List<Map<?, ?>> objects(Map<?, ?> object, String name) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (object.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> member) {
                    objects.add(member);
                }
            }
        }
        return objects;
    }

    private Object value() {
        skipSpace();
        if (depth > MAX_DEPTH) {
            throw wrong();
        }
        return switch (peek()) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        depth++;
        at++;
        for (boolean more = !isClosed('}'); more; more = isFollowed('}')) {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            map.put(name, value());
        }
        depth--;
        return map;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        depth++;
        at++;
        for (boolean more = !isClosed(']'); more; more = isFollowed(']')) {
            list.add(value());
        }
        depth--;
        return list;
    }

    private boolean isClosed(char end) {
        skipSpace();
        boolean closed = peek() == end;
        at += closed ? 1 : 0;
        return closed;
    }

    private boolean isFollowed(char end) {
        if (isClosed(end)) {
            return false;
        }
        expect(',');
        return true;
    }

    private String string() {
        expect('"');
        int from = at;
        while (peek() != '"' && peek() != '\\') {
            at++;
        }
        if (peek() == '"') {
            return text.substring(from, at++);
        }
        StringBuilder out = new StringBuilder(text.substring(from, at));
        for (char c = next(); c != '"'; c = next()) {
            out.append(c == '\\' ? escaped(next()) : c);
        }
        return out.toString();
    }

    private char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                if (text.length() - at < 4) {
                    throw wrong();
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong();
        };
    }

    private Number number() {
        int from = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        boolean whole = number.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E') && number.length() < 19 + 1;
        try {
            if (whole) {
                return Long.valueOf(number);
            }
            return Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw wrong();
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong();
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (next() != c) {
            throw wrong();
        }
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no JSON at character " + at);
    }
}
