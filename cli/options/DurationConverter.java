package cli.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time such as {@code 500ms}, {@code 5s}, {@code 1.5m} or {@code 2h}; without a unit, seconds. None is 0. */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|)");

    private static final long MAX_MILLIS = 10L * 366 * 24 * 3_600_000;

    @Override
    public Duration convert(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("give a time such as 500ms, 5s, 1.5m or 2h; a number alone is seconds");
        }
        double millis = Double.parseDouble(matcher.group(1)) * switch (matcher.group(2)) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 1000;
        };
        long rounded = Math.round(millis);
        if (rounded > MAX_MILLIS) {
            throw new TypeConversionException("give ten years at most");
        }
        if (rounded == 0) {
            throw new TypeConversionException("give 1ms or more");
        }
        return Duration.ofMillis(rounded);
    }
}
