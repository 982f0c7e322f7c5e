package collectors.linux;

import collectors.CollectorUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the kernel's that holds one entry per device. */
public final class SysfsFolder {

    private SysfsFolder() {
    }

    /**
     * The paths in a folder: by name, with {@code hwmon2} before {@code hwmon10}; none when there is no such folder.
     *
     * @throws CollectorUnavailableException when the folder is there and cannot be listed
     */
    public static List<Path> entries(Path folder) throws CollectorUnavailableException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted(Comparator.comparing((Path path) -> path.getFileName().toString(),
                    SysfsFolder::compareNames)).toList();
        } catch (IOException e) {
            throw new CollectorUnavailableException(folder + " cannot be listed: " + e.getMessage());
        }
    }

    /** Compares names of letters and numbers, the numbers by value. */
    static int compareNames(String one, String other) {
        int at = 0;
        int otherAt = 0;
        while (at < one.length() && otherAt < other.length()) {
            int end = endOfNumber(one, at);
            int otherEnd = endOfNumber(other, otherAt);
            int order = end > at && otherEnd > otherAt
                    ? compareNumbers(one.substring(at, end), other.substring(otherAt, otherEnd))
                    : Character.compare(one.charAt(at), other.charAt(otherAt));
            if (order != 0) {
                return order;
            }
            at = Math.max(end, at + 1);
            otherAt = Math.max(otherEnd, otherAt + 1);
        }
        return Integer.compare(one.length() - at, other.length() - otherAt);
    }

    private static int endOfNumber(String name, int start) {
        int end = start;
        while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int compareNumbers(String one, String other) {
        return one.length() != other.length()
                ? Integer.compare(one.length(), other.length()) : one.compareTo(other);
    }
}
