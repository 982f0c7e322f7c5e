package cli.install;

import cli.options.SensorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A unit for systemd (systemd.service(5), systemd.exec(5)) that runs the monitor with next to no privilege. */
final class SystemdUnit {

    /** Opens the counters of RAPL, which only root can read since 2020, to the group power. */
    private static final String RAPL_RULE = "SUBSYSTEM==\"powercap\", ACTION==\"add|change\", RUN+=\"/bin/sh -c "
            + "'chgrp -f power /sys%p/energy_uj; chmod -f g+r /sys%p/energy_uj'\"";

    private static final List<String> SECRET_FILES =
            List.of("--tls-cert", "--tls-key", "--tls-client-ca", "--auth-token-file");

    private static final Pattern METER_FILE = Pattern.compile("(,(?:credentials|ca)=)([^,]+)");

    /** The group that the RAPL rule needs; the steps to install create it. */
    private static final String RAPL_GROUP = "power";
    /** Groups to which distributions give the devices of GPUs. */
    private static final List<String> GPU_GROUPS = List.of("render", "video");

    private static final String UNIT = """
            # To install it, in the folder of energy-monitor:
            #   ./jbangw export portable -O energy-monitor.jar EnergyMonitor.java
            #   sudo mkdir -p %1$s && sudo cp energy-monitor.jar %2$s && sudo cp -r lib %1$s
            #   sudo groupadd --system --force %4$s
            #   save this text as /etc/systemd/system/energy-monitor.service
            #   sudo systemctl enable --now energy-monitor
            # The unit starts only where these exist: %5$s. To check: %6$s
            # For the CPU's counters (RAPL), before it is started:
            #   echo %3$s | sudo tee /etc/udev/rules.d/70-rapl.rules
            #   sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=powercap
            [Unit]
            Description=Energy and power telemetry of this machine
            After=network.target

            [Service]
            Type=exec
            ExecStart=%7$s
            SuccessExitStatus=143
            Restart=on-failure
            RestartSec=5
            %8$s%9$s
            SupplementaryGroups=%10$s
            # Sensors are files below /sys that everybody may read, and the devices of GPUs.
            DevicePolicy=closed
            DeviceAllow=char-nvidia* rw
            DeviceAllow=char-drm rw
            DeviceAllow=/dev/kfd rw
            CapabilityBoundingSet=
            NoNewPrivileges=yes
            ProtectSystem=strict
            ProtectHome=yes
            PrivateTmp=yes
            ProtectKernelTunables=yes
            ProtectKernelModules=yes
            ProtectKernelLogs=yes
            ProtectControlGroups=yes
            ProtectClock=yes
            ProtectHostname=yes
            ProtectProc=invisible
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            RemoveIPC=yes
            UMask=0077
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallErrorNumber=EPERM
            %11$s
            [Install]
            WantedBy=multi-user.target
            """;

    private static final String SECRETS = """
            # Secrets that only root can read; they are read again when the service is restarted.
            %s
            """;

    private static final String THIS_MACHINE_ONLY = """
            # It serves this machine only.
            IPAddressDeny=any
            IPAddressAllow=localhost
            """;

    private SystemdUnit() {
    }

    /**
     * The unit.
     *
     * @param user null for one that systemd makes up
     */
    static String text(List<String> command, Path jar, String user) {
        return text(command, jar, user, groupsOfThisMachine());
    }

    /** The same for a machine with those groups. */
    static String text(List<String> command, Path jar, String user, List<String> existingGroups) {
        List<String> credentials = new ArrayList<>();
        String words = String.join(" ", withCredentials(command, credentials));
        List<String> groups = Stream.concat(Stream.of(RAPL_GROUP), GPU_GROUPS.stream().filter(existingGroups::contains))
                .toList();
        boolean local = command.stream().noneMatch(word -> word.startsWith("--bind-address")
                || word.startsWith(SensorOptions.BESIDE));
        return UNIT.formatted(Quoting.forShell(jar.getParent().toString()), Quoting.forShell(jar.toString()),
                Quoting.forScript(RAPL_RULE), RAPL_GROUP,
                (user == null ? "" : "the user " + user + ", ") + "the groups " + String.join(", ", groups),
                (user == null ? "" : "getent passwd " + Quoting.forShell(user) + "; ")
                        + "getent group " + String.join(" ", groups),
                words, credentials.isEmpty() ? "" : SECRETS.formatted(String.join("\n", credentials)),
                user == null ? "DynamicUser=yes" : "User=" + user.replace("%", "%%"), String.join(" ", groups),
                local ? THIS_MACHINE_ONLY : "");
    }

    private static List<String> groupsOfThisMachine() {
        try {
            return Files.readAllLines(Path.of("/etc/group")).stream().map(line -> line.replaceFirst(":.*", ""))
                    .toList();
        } catch (IOException e) {
            return List.of(); // printed on another system than it is for
        }
    }

    /** The command, with the files of TLS and the token where systemd puts copies that only the service can read. */
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
            } else if (flag.equals(SensorOptions.BESIDE) || inOne.equals(SensorOptions.BESIDE)) {
                words.add(meter(word, credentials));
            } else {
                words.add(Quoting.forSystemd(word));
            }
            flag = word;
        }
        return words;
    }

    /** The word that asks for a meter, with its files where systemd puts the copies. */
    private static String meter(String word, List<String> credentials) {
        List<String> places = new ArrayList<>();
        String marked = METER_FILE.matcher(word).replaceAll(file -> {
            String name = "beside-" + (credentials.size() + 1);
            credentials.add("LoadCredential=" + name + ":" + Path.of(file.group(2)).toAbsolutePath().toString()
                    .replace("%", "%%"));
            places.add(name);
            return file.group(1) + "ENERGY_MONITOR_FILE_" + places.size() + "_";
        });
        String quoted = Quoting.forSystemd(marked);
        for (int i = 0; i < places.size(); i++) {
            quoted = quoted.replace("ENERGY_MONITOR_FILE_" + (i + 1) + "_", "%d/" + places.get(i));
        }
        return quoted;
    }
}
