package telemetry.selection;

import collectors.DeviceKind;
import java.util.List;
import telemetry.accounting.AuxiliaryTotals;
import telemetry.accounting.DeviceState;
import telemetry.accounting.MachineTotal;
import telemetry.accounting.Overlaps;
import telemetry.accounting.Totals;
import telemetry.wire.DetailsEncoder;
import telemetry.wire.Reading;
import telemetry.wire.ReadingEncoder;

/**
 * Some of the devices, with readings of their own: encoded when somebody wants one, once for all who chose the same.
 * Belongs to the thread that makes the readings.
 */
public final class Selection {

    /** What overlaps what may turn out late; the readings of all devices look at it as often. */
    private static final long OUTERMOST_PERIOD_NANOS = 1_000_000_000L;

    private final List<DeviceState> devices;
    private final List<DeviceState> all;
    private final Surroundings surroundings;
    private final ReadingEncoder encoder;
    private final AuxiliaryTotals auxiliary;
    private final Totals totals = new Totals();
    private final MachineTotal total = new MachineTotal();
    private List<DeviceState> outermost;
    private long outermostNanos;
    private Reading latest;
    private Reading latestWithDetails;

    /**
     * A selection.
     *
     * @param devices some of all devices, in the same order
     * @param encoder writes messages with what these devices are
     */
    Selection(List<DeviceState> devices, List<DeviceState> all, Surroundings surroundings, ReadingEncoder encoder) {
        this.devices = devices;
        this.all = all;
        this.surroundings = surroundings;
        this.encoder = encoder;
        if (devices.stream().allMatch(device -> device.sample.kind == DeviceKind.GPU)) {
            auxiliary = surroundings.auxiliary;
        } else {
            auxiliary = new AuxiliaryTotals(); // what is chosen may be in the machine's: nothing is told twice
            auxiliary.sum(List.of());
        }
    }

    /** The devices, in the order of all. */
    public List<DeviceState> devices() {
        return devices;
    }

    /** Those that their total is of: no other of the chosen ones contains them. */
    public List<DeviceState> outermost() {
        long now = System.nanoTime();
        if (outermost == null || now - outermostNanos >= OUTERMOST_PERIOD_NANOS) {
            outermost = Overlaps.outermost(devices, all);
            outermostNanos = now;
        }
        return outermost;
    }

    /**
     * What a reading is for these devices.
     *
     * @param whole the latest reading, of all devices
     */
    public Reading of(Reading whole, boolean withDetails) {
        if (latest == null || latest.sequence() != whole.sequence()) {
            totals.sumAll(outermost());
            byte[] message = encoder.encode(totals, auxiliary, surroundings.hostMemoryUsedMb, surroundings.unixNanos);
            latest = new Reading(whole.sequence(), whole.dueNanos(), whole.sampledNanos(), message, null);
            latestWithDetails = null;
        }
        if (withDetails && latestWithDetails == null) {
            latestWithDetails = new Reading(latest.sequence(), latest.dueNanos(), latest.sampledNanos(),
                    latest.message(), details(latest.sequence()));
        }
        return withDetails ? latestWithDetails : latest;
    }

    /** The {@linkplain Reading#details details} of the latest reading, which has that number, for these devices. */
    public byte[] details(long sequence) {
        total.sumAll(outermost());
        return DetailsEncoder.encode(devices, outermost()::contains, total, sequence, surroundings.intervalMillis,
                surroundings.sweepMillis);
    }
}
