package cli.watch;

import cli.options.Figures;
import cli.options.Printable;
import cli.watch.StyledLine.Style;
import energy.DeviceReading;
import java.util.Locale;

/** A column of the table of devices, in the order of the screen. */
enum DeviceColumn {

    INDEX("#", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return String.valueOf(device.getIndex());
        }
    },
    NAME("device", false) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            // What another device contains is set apart, as it is not added.
            return (device.getInTotal() ? "" : "· ") + Printable.of(device.getName());
        }
    },
    UTILIZATION("util", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return device.getUtilizationPercent() < 0 ? "" : Math.round(device.getUtilizationPercent()) + " %";
        }

        @Override
        Style style(DeviceReading device) {
            return Style.ofLoad(device.getUtilizationPercent() / 100);
        }
    },
    TENSOR("tensor", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return device.getTensorActivityPercent() < 0 ? "" : Math.round(device.getTensorActivityPercent()) + " %";
        }

        @Override
        Style style(DeviceReading device) {
            return Style.ofLoad(device.getTensorActivityPercent() / 100);
        }
    },
    MEMORY("memory", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            if (device.getMemoryUsedMb() < 0) {
                return "";
            }
            String used = String.format(Locale.ROOT, "%.1f", device.getMemoryUsedMb() / MIB_PER_GIB);
            return device.getMemoryTotalMb() < 0 ? used + " GiB"
                    : used + "/" + Math.round(device.getMemoryTotalMb() / MIB_PER_GIB) + " GiB";
        }

        @Override
        Style style(DeviceReading device) {
            return device.getMemoryTotalMb() <= 0 ? Style.PLAIN
                    : Style.ofLoad(device.getMemoryUsedMb() / device.getMemoryTotalMb());
        }
    },
    TEMPERATURE("temp", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return device.getTemperatureCelsius() < 0 ? "" : Math.round(device.getTemperatureCelsius()) + " °C";
        }

        @Override
        Style style(DeviceReading device) {
            return Style.ofLoad((device.getTemperatureCelsius() - COOL_CELSIUS) / (HOT_CELSIUS - COOL_CELSIUS));
        }
    },
    POWER("power", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return watts(device.getPowerWatts());
        }

        @Override
        Style style(DeviceReading device) {
            return Style.BOLD;
        }
    },
    LIMIT("limit", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return device.getPowerLimitWatts() <= 0 ? "" : Math.round(device.getPowerLimitWatts()) + " W";
        }

        @Override
        Style style(DeviceReading device) {
            return Style.DIM;
        }
    },
    BAR("", false) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return ""; // drawn as wide as its place
        }
    },
    ENERGY("energy", true) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return energy(model.joules(device));
        }
    },
    HISTORY("", false) {
        @Override
        String text(DeviceReading device, WatchModel model) {
            return ""; // drawn as wide as its place
        }
    };

    private static final double MIB_PER_GIB = 1024;
    /** Chips idle around here, and slow themselves down around there. */
    private static final double COOL_CELSIUS = 30;
    private static final double HOT_CELSIUS = 95;

    final String header;
    final boolean alignedRight;

    DeviceColumn(String header, boolean alignedRight) {
        this.header = header;
        this.alignedRight = alignedRight;
    }

    /** The value as people read it; empty when the device has none. */
    abstract String text(DeviceReading device, WatchModel model);

    Style style(DeviceReading device) {
        return Style.PLAIN;
    }

    /** Watts with one decimal: more would be noise of the sensor. */
    static String watts(double watts) {
        return watts < 0 ? "n/a" : String.format(Locale.ROOT, watts >= 1000 ? "%.0f W" : "%.1f W", watts);
    }

    static String energy(double joules) {
        return joules >= 1e9 ? Figures.text(joules / 1e9, "GJ") : joules >= 1e6 ? Figures.text(joules / 1e6, "MJ")
                : joules >= 1e4 ? Figures.text(joules / 1e3, "kJ") : Figures.text(joules, "J");
    }
}
