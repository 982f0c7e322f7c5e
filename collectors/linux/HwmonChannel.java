package collectors.linux;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.Accounting;
import collectors.DeviceKind;
import collectors.DeviceSample;
import collectors.Units;
import java.util.Objects;
import java.util.stream.Stream;

/** One measured rail, card or socket: a channel of a chip. */
final class HwmonChannel implements AutoCloseable {

    private final String id;
    private final String name;
    private final String device;
    private final int socket;
    private final HwmonRail rail;
    private final boolean card;
    /** µJ, or null. */
    private final SysfsFile energy;
    /** Null where a chip does not give it. */
    private final SysfsFile power;
    private final double powerDivisor;
    private final double averagingSeconds;
    /** mV and mA, or null: from chips that measure them apart. */
    private final SysfsFile millivolts;
    private final SysfsFile milliamperes;
    private final RuntimeSuspend suspend;
    private DeviceSample sample;

    private HwmonChannel(HwmonChip chip, int chipIndex, int number, HwmonPlatform platform,
                         HwmonPlatform.Family family, String label, HwmonRail rail) {
        this.rail = rail;
        device = chip.device();
        card = platform.naming() == HwmonPlatform.Naming.CARD;
        boolean chipPerSocket = platform.naming() == HwmonPlatform.Naming.CHIP_PER_SOCKET;
        socket = chipPerSocket ? chipIndex : rail.socket(label);
        // The chips of several sockets may be one device's.
        id = (chipPerSocket ? "socket-" + socket : device) + "/" + number;
        name = switch (platform.naming()) {
            case CARD -> PciNames.gpu(chip.deviceFolder()) + (rail.level() > 0 ? " " + label : "");
            case CHIP_PER_SOCKET -> platform.prefix() + label + " socket " + socket;
            case LABEL -> (rail.kind() == DeviceKind.MACHINE ? "Whole machine by " : platform.prefix())
                    + (label.isEmpty() ? device : label);
        };
        suspend = card ? RuntimeSuspend.of(chip.deviceFolder()) : RuntimeSuspend.never();
        energy = chip.file("energy" + number + "_input");
        SysfsFile average = chip.file("power" + number + "_average");
        power = average != null ? average : chip.file(named(family.powerFile(), number));
        powerDivisor = average != null ? Units.MICROS_PER_UNIT : family.powerDivisor();
        averagingSeconds = average == null ? UNAVAILABLE : averagingSeconds(chip, number);
        milliamperes = chip.file("curr" + number + "_input");
        millivolts = milliamperes == null ? null : chip.file("in" + number + "_input");
    }

    /**
     * The channel with that number, or null when the chip has none that is to be read.
     *
     * @param chipIndex the chip's place among its family's
     */
    static HwmonChannel find(HwmonChip chip, int chipIndex, int number, HwmonPlatform platform,
                             HwmonPlatform.Family family) {
        String text = SysfsFile.text(chip.files().resolve(named(family.labelFile(), number)));
        String label = text == null ? family.defaultLabel() : text;
        HwmonRail rail = platform.rails().stream().filter(one -> one.matches(label)).findFirst().orElse(null);
        if (rail == null) {
            return null;
        }
        HwmonChannel channel = new HwmonChannel(chip, chipIndex, number, platform, family, label, rail);
        return channel.files().findAny().isPresent() ? channel : null;
    }

    private static String named(String file, int number) {
        return file.replace("N", String.valueOf(number));
    }

    private static double averagingSeconds(HwmonChip chip, int number) {
        SysfsFile interval = chip.file("power" + number + "_average_interval");
        if (interval == null) {
            return UNAVAILABLE;
        }
        try (interval) {
            return interval.read(Units.MILLIS_PER_UNIT);
        }
    }

    /** Makes the sample, once it is known among all channels what contains this one: another's id, or nothing. */
    DeviceSample makeSample(Accounting accounting, String containedIn) {
        sample = new DeviceSample(id, rail.kind(), name, accounting);
        sample.containedIn = containedIn;
        sample.socket = socket;
        sample.integrated = !card && rail.kind() == DeviceKind.GPU;
        sample.powerAveragingSeconds = averagingSeconds;
        return sample;
    }

    String id() {
        return id;
    }

    HwmonRail rail() {
        return rail;
    }

    /** Whether one of the two can contain the other: on one card, or at one socket. */
    boolean isAtThePlaceOf(HwmonChannel other) {
        return card ? device.equals(other.device) : socket == other.socket;
    }

    /** Refills the sample. */
    void read(long nowNanos) {
        if (suspend.isAsleep(nowNanos)) {
            sample.sleep();
            return;
        }
        sample.clear();
        sample.askedNanos = System.nanoTime();
        if (energy != null) {
            sample.energyCounterJoules = take(energy, Units.MICROS_PER_UNIT);
        }
        sample.answeredNanos = System.nanoTime();
        if (power != null) {
            sample.powerWatts = take(power, powerDivisor);
        } else if (millivolts != null) {
            double volts = take(millivolts, Units.MILLIS_PER_UNIT);
            double amperes = take(milliamperes, Units.MILLIS_PER_UNIT);
            sample.powerWatts = isAvailable(volts) && isAvailable(amperes) ? volts * amperes : UNAVAILABLE;
        }
        if (sample.hasPowerOrEnergy()) {
            sample.problem = null;
        }
    }

    private double take(SysfsFile file, double divisor) {
        double value = file.read(divisor);
        if (!isAvailable(value)) {
            sample.problem = file.problem() != null ? file.problem() : file.path() + " is negative";
        }
        return value;
    }

    private Stream<SysfsFile> files() {
        return Stream.of(energy, power, millivolts).filter(Objects::nonNull);
    }

    @Override
    public void close() {
        files().forEach(SysfsFile::close);
        if (milliamperes != null) {
            milliamperes.close();
        }
        suspend.close();
    }
}
