package collectors.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where ROCm's libraries lie on a machine. */
final class RocmFolders {

    private static final String OLD_RELEASE = "/opt/rocm-";
    /** From ROCm 10 on. */
    private static final String NEW_RELEASE = "/opt/rocm/core-";

    private RocmFolders() {
    }

    /**
     * Where a library is looked for, in order: its names for the system's own search, then those in ROCM_PATH, in
     * /opt/rocm and in the newest release of each kind.
     *
     * @param releases folders such as {@code /opt/rocm-6.2.0} and {@code /opt/rocm/core-10.0}
     */
    static List<String> candidates(List<String> names, Map<String, String> environment, List<String> releases) {
        List<String> folders = new ArrayList<>();
        String rocmPath = environment.get("ROCM_PATH");
        if (rocmPath != null && !rocmPath.isEmpty()) {
            folders.add(rocmPath);
        }
        folders.add("/opt/rocm");
        for (String kind : List.of(NEW_RELEASE, OLD_RELEASE)) {
            releases.stream().filter(release -> release.startsWith(kind))
                    .max(Comparator.comparing(RocmFolders::number)).ifPresent(folders::add);
        }
        List<String> candidates = new ArrayList<>(names);
        for (String folder : folders) {
            names.forEach(name -> candidates.add(folder + "/lib/" + name));
        }
        return candidates;
    }

    /** A folder's release as a number that orders: 6.10.1 as 6,010,001. */
    private static long number(String folder) {
        long release = 0;
        String[] numbers = folder.replaceFirst(".*-", "").split("[^0-9]+");
        for (int i = 0; i < 3; i++) {
            boolean known = i < numbers.length && numbers[i].matches("[0-9]{1,3}");
            release = release * 1000 + (known ? Integer.parseInt(numbers[i]) : 0);
        }
        return release;
    }

    /** The releases on this machine. */
    static List<String> installed() {
        List<String> releases = new ArrayList<>();
        for (Path folder : List.of(Path.of("/opt"), Path.of("/opt/rocm"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.map(Path::toString).filter(entry -> entry.startsWith(OLD_RELEASE)
                            || entry.startsWith(NEW_RELEASE)).forEach(releases::add);
                } catch (IOException e) {
                    continue; // whoever may not list it can still name a folder of it in ROCM_PATH
                }
            }
        }
        return releases;
    }
}
