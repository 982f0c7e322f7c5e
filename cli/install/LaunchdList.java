package cli.install;

import com.dd.plist.NSArray;
import com.dd.plist.NSDictionary;
import com.dd.plist.NSString;
import java.nio.file.Path;
import java.util.List;

/** A property list for launchd (launchd.plist(5)) that runs the monitor as a daemon. */
final class LaunchdList {

    private static final String LABEL = "energy-monitor";

    private LaunchdList() {
    }

    /**
     * The property list.
     *
     * @param user null for root, whom powermetrics wants
     */
    static String text(List<String> command, Path jar, String user) {
        NSDictionary list = new NSDictionary();
        list.put("Label", LABEL);
        list.put("ProgramArguments", new NSArray(command.stream().map(NSString::new).toArray(NSString[]::new)));
        list.put("RunAtLoad", true);
        NSDictionary unlessItEndedWell = new NSDictionary();
        unlessItEndedWell.put("SuccessfulExit", false);
        list.put("KeepAlive", unlessItEndedWell);
        list.put("StandardErrorPath", "/var/log/energy-monitor.log");
        if (user != null) {
            list.put("UserName", user);
        }
        String folder = ShellWord.of(jar.getParent().toString());
        String steps = String.join("\n", "<!--",
                "To install it, in the folder of energy-monitor:",
                "  ./jbangw export portable -O energy-monitor.jar EnergyMonitor.java",
                "  sudo mkdir -p " + folder + "; sudo cp energy-monitor.jar " + ShellWord.of(jar.toString())
                        + "; sudo cp -r lib " + folder,
                "  save this text as /Library/LaunchDaemons/" + LABEL + ".plist",
                "  sudo launchctl bootstrap system /Library/LaunchDaemons/" + LABEL + ".plist",
                "powermetrics needs root. As another user, it needs the line for sudo that stands in the README.",
                "-->", "");
        return list.toXMLPropertyList().replaceFirst("<plist", steps.replace("$", "\\$") + "<plist") + "\n";
    }
}
