package collectors.apple;

import collectors.CollectorUnavailableException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The counters of the kernel's energy model through Apple's private libIOReport, which needs no privilege. There is no
 * header: names and signatures are those that open programs call, sizes those of IOKernelReportStructs.h in Apple's
 * kernel sources. A subscription names channels; every sample of it has their values since the driver began to count.
 */
final class IoReport implements AutoCloseable {

    private static final String GROUP = "Energy Model";
    /** {@code IOReportElement}: two identities, a type, the time of the update, then four values. */
    private static final int ELEMENT_BYTES = 64;
    private static final int STAMP_OFFSET = 24;
    private static final int VALUE_OFFSET = 32;

    private static final class Natives {
        static native long IOReportCopyChannelsInGroup(long group, long subgroup, long a, long b, long c);

        static native long IOReportCreateSubscription(long a, long channels, long subscribed, long id, long error);

        static native long IOReportCreateSamples(long subscription, long subscribed, long error);

        static native long IOReportChannelGetChannelName(long channel);

        static native long IOReportChannelGetUnitLabel(long channel);

        /** {@link Long#MIN_VALUE} when the channel has no simple value. */
        static native long IOReportSimpleGetIntegerValue(long channel, long unit);
    }

    private final CoreFoundation foundation;
    private final MachClock clock;
    private final long channelsKey;
    private final long elementsKey;
    private final List<String> names = new ArrayList<>();
    private final List<EnergyChannel> channels = new ArrayList<>();
    private long all;
    private long subscription;
    private long subscribed;

    /**
     * Lists the channels of the energy model.
     *
     * @throws CollectorUnavailableException when the library or the group is not there
     */
    IoReport(AppleLibraries libraries, CoreFoundation foundation, MachClock clock)
            throws CollectorUnavailableException {
        this.foundation = foundation;
        this.clock = clock;
        AppleLibraries.bind(Natives.class, libraries.ioReport());
        channelsKey = foundation.createString("IOReportChannels");
        elementsKey = foundation.createString("RawElements");
        long group = foundation.createString(GROUP);
        all = Natives.IOReportCopyChannelsInGroup(group, 0, 0, 0, 0);
        foundation.release(group);
        long array = all == 0 ? 0 : foundation.array(all, channelsKey);
        for (long i = 0; array != 0 && i < foundation.count(array); i++) {
            names.add(name(foundation.dictionaryAt(array, i)));
        }
    }

    private String name(long channel) {
        return channel == 0 ? "" : foundation.text(Natives.IOReportChannelGetChannelName(channel));
    }

    /** The names of the group's channels; empty where there is no such group. */
    List<String> names() {
        return names;
    }

    /**
     * Subscribes to the channels of these names, once: a sample of all that there are takes milliseconds.
     *
     * @return the channels; of two that share a name both
     * @throws CollectorUnavailableException when the kernel refuses
     */
    List<EnergyChannel> subscribe(Iterable<String> wanted) throws CollectorUnavailableException {
        Set<String> chosen = new HashSet<>();
        wanted.forEach(chosen::add);
        long array = foundation.array(all, channelsKey);
        long selected = foundation.createArray();
        for (int i = 0; i < names.size(); i++) {
            if (chosen.contains(names.get(i))) {
                long channel = foundation.dictionaryAt(array, i);
                foundation.append(selected, channel);
                channels.add(new EnergyChannel(names.get(i),
                        foundation.text(Natives.IOReportChannelGetUnitLabel(channel)),
                        foundation.retain(Natives.IOReportChannelGetChannelName(channel))));
            }
        }
        long desired = foundation.createMutableCopy(all);
        foundation.set(desired, channelsKey, selected);
        foundation.release(selected);
        try (Memory answer = new Memory(Long.BYTES)) {
            answer.setLong(0, 0);
            subscription = Natives.IOReportCreateSubscription(0, desired, Pointer.nativeValue(answer), 0, 0);
            subscribed = subscription == 0 ? 0 : answer.getLong(0);
        }
        foundation.release(desired);
        if (subscription == 0 || subscribed == 0) {
            throw new CollectorUnavailableException("IOReport gives no subscription to its energy model");
        }
        return channels;
    }

    /** Fills the channels with what they say now; those that are missing become unavailable. */
    void sample() {
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).clear();
        }
        long sample = Natives.IOReportCreateSamples(subscription, subscribed, 0);
        if (sample == 0) {
            return;
        }
        long array = foundation.array(sample, channelsKey);
        long count = array == 0 ? 0 : foundation.count(array);
        int next = 0;
        for (long i = 0; i < count; i++) {
            long item = foundation.dictionaryAt(array, i);
            long name = item == 0 ? 0 : Natives.IOReportChannelGetChannelName(item);
            int index = foundation.isString(name) ? indexOf(name, next) : -1;
            if (index >= 0) {
                fill(channels.get(index), item);
                next = index + 1;
            }
        }
        foundation.release(sample);
    }

    /** Samples keep the order of the subscription, and leave out channels whose driver is gone. */
    private int indexOf(long name, int from) {
        for (int i = from; i < channels.size(); i++) {
            if (foundation.equal(name, channels.get(i).nameObject)) {
                return i;
            }
        }
        return -1;
    }

    private void fill(EnergyChannel channel, long item) {
        long value = Natives.IOReportSimpleGetIntegerValue(item, 0);
        long address = foundation.bytes(item, elementsKey, ELEMENT_BYTES);
        long stamp = 0;
        if (address != 0) {
            Pointer element = new Pointer(address);
            stamp = element.getLong(VALUE_OFFSET) == value ? clock.nanos(element.getLong(STAMP_OFFSET)) : 0;
        }
        channel.fill(value, stamp);
    }

    @Override
    public void close() {
        channels.forEach(channel -> foundation.release(channel.nameObject));
        channels.clear();
        foundation.release(subscription);
        foundation.release(subscribed);
        foundation.release(all);
        foundation.release(channelsKey);
        foundation.release(elementsKey);
        subscription = 0;
    }
}
