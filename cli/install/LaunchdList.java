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
     * @param user null for root, as which powermetrics has to run
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
        String steps = """
                <!--
                To install it, in the folder of energy-monitor:
                  ./jbangw export portable -O energy-monitor.jar EnergyMonitor.java
                  sudo mkdir -p %1$s; sudo cp energy-monitor.jar %2$s; sudo cp -r lib %1$s
                  save this text as /Library/LaunchDaemons/%3$s.plist
                  sudo launchctl bootstrap system /Library/LaunchDaemons/%3$s.plist
                Intel Macs, and where IOReport does not count, need powermetrics, which needs root. To run as another
                user there, add the line for sudo in docs/platforms.md.
                -->
                """.formatted(Quoting.forShell(jar.getParent().toString()), Quoting.forShell(jar.toString()), LABEL);
        String text = list.toXMLPropertyList();
        int root = text.indexOf("<plist");
        return text.substring(0, root) + steps + text.substring(root) + "\n";
    }
}
