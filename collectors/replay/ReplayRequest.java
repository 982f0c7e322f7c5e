package collectors.replay;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --collector replay:FILE[,speed=N][,loop][,host=NAME]} asks for.
 *
 * @param file  relative to the folder in which the monitor was started
 * @param speed how many times as fast as it was recorded
 * @param loop  whether it begins anew at its end
 * @param host  which of several recorded machines; empty for the only one
 */
public record ReplayRequest(Path file, double speed, boolean loop, String host) {

    /** What such a choice begins with. */
    public static final String PREFIX = "replay:";

    private static final String FORM = "give " + PREFIX + "FILE[,speed=N][,loop][,host=NAME]";
    /** Beyond, seconds of a recording pass between two readings. */
    private static final double MAX_SPEED = 1000;
    private static final double MIN_SPEED = 0.01;
    /** The last of the options, so that commas in a file's name do no harm. */
    private static final Pattern LAST_OPTION = Pattern.compile("(.*),(loop|(speed|host)=([^,]*))", Pattern.DOTALL);

    /** Whether a choice of a collector asks for a replay. */
    public static boolean isMeant(String choice) {
        return choice.startsWith(PREFIX);
    }

    /**
     * Reads a choice.
     *
     * @throws IllegalArgumentException with a line for people when it is not of that form
     */
    public static ReplayRequest parse(String choice) {
        String rest = choice.substring(PREFIX.length());
        double speed = 1;
        boolean loop = false;
        String host = "";
        Set<String> given = new HashSet<>();
        for (Matcher option = LAST_OPTION.matcher(rest); option.matches(); option = LAST_OPTION.matcher(rest)) {
            rest = option.group(1);
            String name = option.group(3) == null ? option.group(2) : option.group(3);
            if (!given.add(name)) {
                throw new IllegalArgumentException(name + " is given twice: give it once; " + FORM);
            }
            if (option.group(3) == null) {
                loop = true;
            } else if (option.group(3).equals("speed")) {
                speed = speed(option.group(4));
            } else {
                host = option.group(4);
                if (host.isEmpty()) {
                    throw new IllegalArgumentException("host= names no machine; " + FORM);
                }
            }
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("no file is named; " + FORM);
        }
        try {
            return new ReplayRequest(Path.of(rest), speed, loop, host);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + rest + "' cannot be a file's name; " + FORM);
        }
    }

    private static double speed(String text) {
        try {
            double speed = Double.parseDouble(text);
            if (speed >= MIN_SPEED && speed <= MAX_SPEED) {
                return speed;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(String.format(Locale.ROOT, "speed=%s is no number from %s to %.0f; %s", text,
                MIN_SPEED, MAX_SPEED, FORM));
    }
}
