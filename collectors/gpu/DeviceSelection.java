package collectors.gpu;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which of a vendor's GPUs are measured: those that a program started here would see, all, or a list of indices and
 * UUIDs.
 */
final class DeviceSelection {

    private static final String VISIBLE = "visible";
    private static final String ALL = "all";

    /** What a selection needs to know of a GPU: its UUID as the vendor's runtime writes it, null when unknown. */
    interface Uuids {
        String uuid(int index);
    }

    /** Finds the GPU that a UUID of another kind, such as a MIG instance's, belongs to; -1 when none does. */
    interface Owners {
        int ownerOf(String uuid);
    }

    private DeviceSelection() {
    }

    /**
     * The indices that are measured, in ascending order.
     *
     * @param context  holds the choice and the environment
     * @param variable the variable that the vendor's runtime goes by, such as {@code CUDA_VISIBLE_DEVICES}
     * @param count    how many GPUs there are
     * @throws NoSuchDeviceException         when the list names one that is not there
     * @throws CollectorUnavailableException when the variable leaves none
     */
    static List<Integer> select(CollectorContext context, String variable, int count, Uuids uuids, Owners owners)
            throws CollectorUnavailableException {
        List<Integer> everything = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            everything.add(index);
        }
        if (context.devices().equals(ALL)) {
            return everything;
        }
        boolean visibleOnly = context.devices().equals(VISIBLE);
        String list = visibleOnly ? context.environment().get(variable) : context.devices();
        if (list == null) {
            return everything;
        }
        List<Integer> selected = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            int index = find(name.strip(), count, uuids, owners);
            if (index < 0 && visibleOnly) {
                break; // the runtimes ignore a name that they don't know, and all that follow it
            }
            if (index < 0) {
                throw new NoSuchDeviceException("--devices names '" + name.strip() + "', which is none of its "
                        + count + " GPUs: give indices from 0 to " + (count - 1) + " or UUIDs");
            }
            if (!selected.contains(index)) {
                selected.add(index);
            }
        }
        if (selected.isEmpty()) {
            throw new CollectorUnavailableException(variable + "=" + list + " hides every GPU: unset it, or give "
                    + "--devices all");
        }
        selected.sort(null);
        return selected;
    }

    private static int find(String name, int count, Uuids uuids, Owners owners) {
        if (name.matches("[0-9]{1,9}")) {
            int index = Integer.parseInt(name);
            return index < count ? index : -1;
        }
        if (name.isEmpty()) {
            return -1;
        }
        int found = -1;
        for (int index = 0; index < count; index++) {
            String uuid = uuids.uuid(index);
            if (uuid != null && uuid.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT))) {
                if (found >= 0) {
                    return -1; // the beginning of a UUID counts only when it is the beginning of one alone
                }
                found = index;
            }
        }
        return found >= 0 ? found : owners.ownerOf(name);
    }
}
