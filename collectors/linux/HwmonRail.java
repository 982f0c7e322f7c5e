package collectors.linux;

import collectors.DeviceKind;
import collectors.DeviceSample;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a label says of the channel that has it.
 *
 * @param label a pattern; its group, if it has one, is the number of the socket
 * @param kind  what the channel measures
 * @param level 0 contains 1 contains 2, on one card or at one socket; {@link #APART} for what is never added
 */
record HwmonRail(Pattern label, DeviceKind kind, int level) {

    /** The level of a rail that overlaps the others in a way that nobody knows. */
    static final int APART = -1;

    HwmonRail(String label, DeviceKind kind, int level) {
        this(Pattern.compile(label), kind, level);
    }

    boolean matches(String text) {
        return label.matcher(text).matches();
    }

    /** The socket that a label names, or {@link DeviceSample#UNKNOWN_SOCKET}. */
    int socket(String text) {
        Matcher matcher = label.matcher(text);
        return matcher.matches() && matcher.groupCount() > 0
                ? Integer.parseInt(matcher.group(1)) : DeviceSample.UNKNOWN_SOCKET;
    }
}
