package cli.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A unit for systemd (systemd.service(5), systemd.exec(5)) that runs the monitor with next to no privilege. */
final class SystemdUnit {

    /** Gives the counters of RAPL, which are root's alone since 2020, to the group power. */
    private static final String RAPL_RULE = "SUBSYSTEM==\"powercap\", ACTION==\"add|change\", RUN+=\"/bin/sh -c "
            + "'chgrp -f power /sys%p/energy_uj; chmod -f g+r /sys%p/energy_uj'\"";

    private static final List<String> SECRET_FILES =
            List.of("--tls-cert", "--tls-key", "--tls-client-ca", "--auth-token-file");

    private SystemdUnit() {
    }

    /**
     * The unit.
     *
     * @param user null for one that systemd makes up
     */
    static String text(List<String> command, Path jar, String user) {
        List<String> credentials = new ArrayList<>();
        String folder = ShellWord.of(jar.getParent().toString());
        List<String> lines = new ArrayList<>(List.of(
                "# To install it, in the folder of energy-monitor:",
                "#   ./jbangw export portable -O energy-monitor.jar EnergyMonitor.java",
                "#   sudo mkdir -p " + folder + " && sudo cp energy-monitor.jar " + ShellWord.of(jar.toString())
                        + " && sudo cp -r lib " + folder,
                "#   save this text as /etc/systemd/system/energy-monitor.service",
                "#   sudo systemctl enable --now energy-monitor",
                "# For the CPU's counters (RAPL), before that:",
                "#   sudo groupadd --system --force power",
                "#   echo '" + RAPL_RULE.replace("'", "'\\''") + "' | sudo tee /etc/udev/rules.d/70-rapl.rules",
                "#   sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=powercap",
                "[Unit]", "Description=Energy and power telemetry of this machine", "After=network.target", "",
                "[Service]", "Type=exec",
                "ExecStart=" + withCredentials(command, credentials).stream().collect(Collectors.joining(" ")),
                "SuccessExitStatus=143", "Restart=on-failure", "RestartSec=5"));
        if (!credentials.isEmpty()) {
            lines.add("# Secrets that root alone can read; they are read again when the service starts again.");
            lines.addAll(credentials);
        }
        lines.add(user == null ? "DynamicUser=yes" : "User=" + user);
        String groups = groups();
        if (!groups.isEmpty()) {
            lines.add("SupplementaryGroups=" + groups);
        }
        lines.addAll(List.of(
                "# Sensors are files below /sys that everybody may read, and the devices of GPUs.",
                "DevicePolicy=closed", "DeviceAllow=char-nvidia* rw", "DeviceAllow=char-drm rw",
                "DeviceAllow=/dev/kfd rw",
                "CapabilityBoundingSet=", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes",
                "PrivateTmp=yes", "ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes",
                "ProtectControlGroups=yes", "ProtectClock=yes", "ProtectHostname=yes", "ProtectProc=invisible",
                "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces=yes", "RestrictRealtime=yes",
                "RestrictSUIDSGID=yes", "LockPersonality=yes", "RemoveIPC=yes", "UMask=0077",
                "SystemCallArchitectures=native", "SystemCallFilter=@system-service",
                "SystemCallErrorNumber=EPERM"));
        if (command.stream().noneMatch(word -> word.startsWith("--bind-address"))) {
            lines.addAll(List.of("# It serves this machine only.", "IPAddressDeny=any", "IPAddressAllow=localhost"));
        }
        lines.addAll(List.of("", "[Install]", "WantedBy=multi-user.target", ""));
        return String.join("\n", lines);
    }

    /** Groups that may be let at sensors here: a unit that names one that is not there does not start. */
    private static String groups() {
        try {
            return Files.readAllLines(Path.of("/etc/group")).stream().map(line -> line.replaceFirst(":.*", ""))
                    .filter(List.of("power", "render", "video")::contains).sorted()
                    .collect(Collectors.joining(" "));
        } catch (IOException e) {
            return ""; // another system than the one that it is printed for
        }
    }

    /** The command with the files of TLS and the token where systemd puts copies for the service alone to read. */
    private static List<String> withCredentials(List<String> command, List<String> credentials) {
        List<String> words = new ArrayList<>();
        String flag = "";
        for (String word : command) {
            int equals = word.indexOf('=');
            String inOne = equals < 0 ? "" : word.substring(0, equals);
            boolean isInOne = SECRET_FILES.contains(inOne);
            if (isInOne || SECRET_FILES.contains(flag)) {
                String name = (isInOne ? inOne : flag).substring("--".length());
                String file = isInOne ? word.substring(equals + 1) : word;
                credentials.add("LoadCredential=" + name + ":" + Path.of(file).toAbsolutePath().toString()
                        .replace("%", "%%"));
                words.add((isInOne ? inOne + "=" : "") + "%d/" + name);
            } else {
                words.add(quoted(word));
            }
            flag = word;
        }
        return words;
    }

    private static String quoted(String word) {
        String escaped = word.replace("%", "%%").replace("$", "$$");
        return escaped.matches("[\\w@%+=:,./$-]+") ? escaped
                : '"' + escaped.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
