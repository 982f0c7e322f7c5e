package collectors.gpu;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.NoSuchDeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which of a vendor's GPUs are measured: those that a program started here would see, all, or a list of indices and
 * UUIDs.
 */
final class DeviceSelection {

    private static final String VISIBLE = "visible";
    private static final String ALL = "all";
    /** Where the list comes from when it is not given as an option. */
    private static final String VARIABLE = "IPW_GPU_DEVICE_ID";

    /**
     * Environment variables of which the first that is set hides GPUs.
     *
     * @param emptyHides whether an empty variable hides all, or is as good as unset
     * @param variables  such as {@code CUDA_VISIBLE_DEVICES}
     */
    record Filter(boolean emptyHides, List<String> variables) {

        Filter(boolean emptyHides, String... variables) {
            this(emptyHides, List.of(variables));
        }

        /** The variable that decides, or null. */
        private String deciding(Map<String, String> environment) {
            return variables.stream().filter(variable -> {
                String list = environment.get(variable);
                return list != null && (emptyHides || !list.isEmpty());
            }).findFirst().orElse(null);
        }
    }

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
     * @param context holds the choice and the environment
     * @param filters the variables that the vendor's runtime goes by; each chooses among those that the one before left
     * @param count   how many GPUs there are
     * @throws NoSuchDeviceException         when the list names one that is not there
     * @throws CollectorUnavailableException when the variables leave none
     */
    static List<Integer> select(CollectorContext context, List<Filter> filters, int count, Uuids uuids, Owners owners)
            throws CollectorUnavailableException {
        List<Integer> left = IntStream.range(0, count).boxed().toList();
        if (context.devices().equals(ALL)) {
            return left;
        }
        if (!context.devices().equals(VISIBLE)) {
            return named(context, left, uuids, owners);
        }
        for (Filter filter : filters) {
            String variable = filter.deciding(context.environment());
            if (variable == null) {
                continue;
            }
            String list = context.environment().get(variable);
            left = visible(list, left, uuids, owners);
            if (left.isEmpty()) {
                throw new CollectorUnavailableException(variable + "=" + list + " hides every GPU: unset it, or give "
                        + "--devices all");
            }
        }
        return left.stream().sorted().toList();
    }

    /** The runtimes ignore a name that they do not know, and all that follow it. */
    private static List<Integer> visible(String list, List<Integer> from, Uuids uuids, Owners owners) {
        List<Integer> selected = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            int index = find(name.strip(), from, uuids, owners);
            if (index < 0) {
                break;
            }
            if (!selected.contains(index)) {
                selected.add(index);
            }
        }
        return selected;
    }

    private static List<Integer> named(CollectorContext context, List<Integer> from, Uuids uuids, Owners owners)
            throws NoSuchDeviceException {
        List<Integer> selected = new ArrayList<>();
        for (String name : context.devices().split(",", -1)) {
            int index = find(name.strip(), from, uuids, owners);
            if (index < 0) {
                String giver = context.devices().equals(context.environment().get(VARIABLE)) ? VARIABLE : "--devices";
                throw new NoSuchDeviceException(giver + " names '" + name.strip() + "', and there "
                        + (from.size() == 1 ? "is one GPU: give 0, or its UUID" : "are " + from.size()
                        + " GPUs: give indices from 0 to " + (from.size() - 1) + ", or UUIDs"));
            }
            selected.add(index);
        }
        return selected.stream().distinct().sorted().toList();
    }

    private static int find(String name, List<Integer> from, Uuids uuids, Owners owners) {
        if (name.matches("[0-9]{1,9}")) {
            int position = Integer.parseInt(name);
            return position < from.size() ? from.get(position) : -1;
        }
        if (name.isEmpty()) {
            return -1;
        }
        int found = -1;
        for (int index : from) {
            String uuid = uuids.uuid(index);
            if (uuid != null && uuid.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT))) {
                if (found >= 0) {
                    return -1; // the beginning of a UUID counts only when it is the beginning of one alone
                }
                found = index;
            }
        }
        int owner = found >= 0 ? found : owners.ownerOf(name);
        return from.contains(owner) ? owner : -1;
    }
}
