package collectors.gpu;

import static collectors.DeviceSample.UNAVAILABLE;

import collectors.CollectorUnavailableException;
import collectors.Units;
import collectors.linux.SysfsFile;
import collectors.linux.SysfsFolder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * AMD's GPUs as the kernel's driver amdgpu shows them, in files below class/drm/cardN/device. There is no energy
 * counter among them.
 */
class AmdSysfs extends AmdSource {

    /** The driver has no such file for this GPU. */
    static final int NOT_THERE = 1;
    /** The file is there and cannot be read. */
    static final int UNREADABLE = 2;
    /** What was there is gone, or holds no number. */
    static final int FAILED = 3;

    private static final String AMD = "0x1002";

    private List<AmdCard> cards = List.of();
    private List<String> addresses = List.of();
    private double averagingSeconds = UNAVAILABLE;
    /** The number of the latest answer. */
    double value;

    AmdSysfs(Path sysfs) {
        super(sysfs);
    }

    @Override
    public String name() {
        return "the driver amdgpu";
    }

    @Override
    public int init() {
        try {
            cards = SysfsFolder.entries(sysfs.resolve("class/drm")).stream()
                    .filter(entry -> entry.getFileName().toString().matches("card\\d+"))
                    .map(entry -> entry.resolve("device"))
                    .filter(device -> AMD.equals(SysfsFile.text(device.resolve("vendor"))))
                    .map(AmdCard::new).filter(card -> card.hwmon != null)
                    .sorted(Comparator.comparing(AmdCard::pciAddress)).toList();
        } catch (CollectorUnavailableException e) {
            return UNREADABLE;
        }
        addresses = cards.stream().map(AmdCard::pciAddress).toList();
        learnChips();
        return SUCCESS;
    }

    @Override
    public void shutdown() {
        cards.forEach(AmdCard::close);
        cards = List.of();
    }

    @Override
    public final int count() {
        return cards.size();
    }

    @Override
    public String model(int gpu) {
        return cards.get(gpu).model();
    }

    @Override
    public final String uuid(int gpu) {
        return cards.get(gpu).uuid();
    }

    @Override
    public final String pciAddress(int gpu) {
        return addresses.get(gpu);
    }

    @Override
    public final int power(int gpu) {
        averagingSeconds = cards.get(gpu).powerIsInstant ? 0 : UNAVAILABLE;
        return chip(gpu).isSlowToTellPower() ? SLOW_POWER : read(cards.get(gpu).power, Units.MICROS_PER_UNIT);
    }

    @Override
    public final double powerAveragingSeconds() {
        return averagingSeconds;
    }

    @Override
    public int energy(int gpu) {
        return NOT_THERE;
    }

    @Override
    public final int temperature(int gpu) {
        return read(cards.get(gpu).temperature, Units.MILLIS_PER_UNIT);
    }

    @Override
    public final int memoryUsed(int gpu) {
        return read(cards.get(gpu).memoryUsed, Units.BYTES_PER_MIB);
    }

    @Override
    public final int memoryTotal(int gpu) {
        return read(cards.get(gpu).memoryTotal, Units.BYTES_PER_MIB);
    }

    @Override
    public final int utilization(int gpu) {
        return read(cards.get(gpu).busy, 1);
    }

    @Override
    public final int powerLimit(int gpu) {
        return read(cards.get(gpu).powerCap, Units.MICROS_PER_UNIT);
    }

    private int read(SysfsFile file, double divisor) {
        if (file == null) {
            return NOT_THERE;
        }
        value = file.read(divisor);
        return value >= 0 ? SUCCESS : file.isUnreadable() ? UNREADABLE : FAILED;
    }

    @Override
    public final double value() {
        return value;
    }

    @Override
    public String describe(int code) {
        return switch (code) {
            case NOT_THERE -> "the driver amdgpu has no such file";
            case UNREADABLE -> "its file in sysfs cannot be read";
            case SLOW_POWER -> "not read, as this chip takes seconds to report it";
            default -> "its file in sysfs is gone, or holds no number";
        };
    }

    @Override
    public boolean isHopeless(int code) {
        return code == NOT_THERE || code == SLOW_POWER;
    }

    @Override
    public boolean maySayLost(int code) {
        return code == FAILED || code == UNREADABLE;
    }
}
