package collectors.meters;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of {@code KIND=URL,key=value,...}; each getter throws {@link IllegalArgumentException} with what to do. */
final class MeterKeys {

    /** A comma within a URL is only taken for the end of it when a key follows. */
    private static final Pattern SEPARATOR = Pattern.compile(",(?=[a-z-]+=)");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");
    private static final int MAX_PORT = 65535;

    private final String kind;
    private final String address;
    private final Map<String, String> values = new LinkedHashMap<>();

    MeterKeys(String text) {
        String[] parts = SEPARATOR.split(text);
        int equals = parts[0].indexOf('=');
        kind = equals < 0 ? parts[0] : parts[0].substring(0, equals);
        address = equals < 0 ? "" : parts[0].substring(equals + 1);
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('=');
            String key = parts[i].substring(0, at);
            if (values.put(key, parts[i].substring(at + 1)) != null) {
                throw new IllegalArgumentException(key + "= is given twice: leave one out");
            }
        }
    }

    /** What stands before the first equals sign. */
    String kind() {
        return kind;
    }

    boolean hasAddress() {
        return !address.isEmpty();
    }

    void allow(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(kind + " takes no " + key + "=: give "
                        + String.join("=, ", known.stream().sorted().toList()) + "=");
            }
        }
    }

    /** The address: http or https, a host, no user in it. */
    URI url() {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("give a URL, such as " + kind + "=https://192.0.2.7 (" + e.getReason() + ")");
        }
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            throw new IllegalArgumentException("give a URL, such as " + kind + "=https://192.0.2.7");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("every user of this machine can read its command lines: put USER:PASSWORD "
                    + "into a file and give credentials=FILE");
        }
        if (uri.getFragment() != null) {
            throw new IllegalArgumentException("leave out #" + uri.getFragment());
        }
        return uri;
    }

    String text(String key, String otherwise) {
        String value = values.getOrDefault(key, otherwise);
        if (value != null && value.isBlank()) {
            throw new IllegalArgumentException(key + "= has no value");
        }
        return value;
    }

    String required(String key, String example) {
        if (!values.containsKey(key)) {
            throw new IllegalArgumentException(key + "= is missing: give " + key + "=" + example);
        }
        return text(key, null);
    }

    /** One of some words. */
    String oneOf(String key, List<String> words, String otherwise) {
        String value = text(key, otherwise);
        if (!words.contains(value)) {
            throw new IllegalArgumentException("give " + key + "=" + String.join(" or " + key + "=", words));
        }
        return value;
    }

    /** A file, or null. */
    Path file(String key) {
        String value = text(key, null);
        try {
            return value == null ? null : Path.of(value);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + "= is no file's name: " + e.getReason());
        }
    }

    Duration duration(String key, Duration otherwise, Duration least, Duration most) {
        String value = text(key, null);
        if (value == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        throw new IllegalArgumentException("give " + key + "= from " + shown(least) + " to " + shown(most)
                + ", such as " + key + "=5s");
    }

    private static String shown(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
