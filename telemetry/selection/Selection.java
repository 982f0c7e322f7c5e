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

    private final Selections owner;
    private final AuxiliaryTotals auxiliary;
    private final Totals totals = new Totals();
    private final MachineTotal total = new MachineTotal();
    private List<DeviceState> devices;
    private List<DeviceState> outermost;
    private long outermostNanos;
    private ReadingEncoder encoder;
    private int version;
    private Reading latest;
    private Reading latestWithDetails;

    /** Of some of all devices, in the same order. */
    Selection(List<DeviceState> devices, Selections owner) {
        this.owner = owner;
        this.devices = devices;
        if (devices.stream().allMatch(device -> device.sample.kind == DeviceKind.GPU)) {
            auxiliary = owner.surroundings().auxiliary;
        } else {
            auxiliary = new AuxiliaryTotals(); // what is chosen may be in the machine's: nothing is told twice
            auxiliary.sum(List.of());
        }
    }

    /** The devices, in the order of all. */
    public List<DeviceState> devices() {
        refresh();
        return devices;
    }

    /** Those that their total is of: no other of the chosen ones contains them. */
    public List<DeviceState> outermost() {
        refresh();
        return outermost;
    }

    private void refresh() {
        long now = System.nanoTime();
        boolean isChanged = encoder == null || version != owner.version();
        if (isChanged) {
            version = owner.version();
            devices = owner.current(devices);
        }
        if (isChanged || now - outermostNanos >= OUTERMOST_PERIOD_NANOS) {
            outermost = Overlaps.outermost(devices, owner.all());
            outermostNanos = now;
        }
        if (isChanged) {
            encoder = owner.encoder(outermost);
        }
    }

    /**
     * What a reading is for these devices.
     *
     * @param whole the latest reading, of all devices
     */
    public Reading of(Reading whole, boolean withDetails) {
        if (latest == null || latest.sequence() != whole.sequence()) {
            totals.sumAll(outermost());
            byte[] message = encoder.encode(totals, auxiliary, owner.surroundings().hostMemoryUsedMb,
                    owner.surroundings().unixNanos);
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
        List<DeviceState> counted = outermost();
        total.sumAll(counted);
        return DetailsEncoder.encode(devices, counted::contains, total, sequence, owner.surroundings().intervalMillis,
                owner.surroundings().sweepMillis);
    }
}
