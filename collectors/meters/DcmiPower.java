package collectors.meters;

import static collectors.DeviceSample.UNAVAILABLE;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ipmitool dcmi power reading} prints (lib/ipmi_dcmi.c of ipmitool 1.8). */
final class DcmiPower {

    private static final Pattern WATTS = Pattern.compile("(?im)^\\s*instantaneous power reading\\s*:\\s*(\\d{1,6})\\s*watts?\\b");
    private static final Pattern STATE = Pattern.compile("(?im)^\\s*power reading state is\\s*:\\s*(\\w+)");

    private DcmiPower() {
    }

    /** The power that was printed, if it is one. */
    static MeterSource.Reading parse(String output) throws MeterException {
        Matcher watts = WATTS.matcher(output);
        Matcher state = STATE.matcher(output);
        if (state.find() && !state.group(1).toLowerCase(Locale.ROOT).equals("activated")) {
            throw new MeterException("the controller's power reading is " + state.group(1).toLowerCase(Locale.ROOT),
                    "ipmitool dcmi power activate");
        }
        if (!watts.find()) {
            throw failure(output);
        }
        int number = Integer.parseInt(watts.group(1));
        if (number == 0) { // this machine runs
            throw new MeterException("the controller says 0 W of a machine that runs");
        }
        return new MeterSource.Reading(number, UNAVAILABLE, UNAVAILABLE);
    }

    /** Why there is no power in it. */
    static MeterException failure(String output) {
        String lower = output.toLowerCase(Locale.ROOT);
        if (lower.contains("could not open device")) {
            return lower.contains("permission denied")
                    ? new MeterException("/dev/ipmi0 may not be opened by this user",
                            "run the monitor as root, or let its group open the device: "
                                    + "sudo chgrp GROUP /dev/ipmi0 && sudo chmod g+rw /dev/ipmi0")
                    : new MeterException("this machine has no /dev/ipmi0", "sudo modprobe -a ipmi_si ipmi_devintf");
        }
        if (lower.contains("invalid command") || lower.contains("not supported") || lower.contains("dcmi request failed")) {
            return new MeterException("the controller does not tell its power over DCMI", "try redfish=URL instead");
        }
        String first = output.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("nothing");
        return new MeterException("ipmitool tells no power, but: " + first.substring(0, Math.min(120, first.length())));
    }
}
