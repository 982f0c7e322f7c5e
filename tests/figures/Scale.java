package figures;

import java.util.ArrayList;
import java.util.List;

/** Where a value stands on an axis, from 0 at its begin to 1 at its end, and which values are marked on it. */
public final class Scale {

    private static final int MAX_TICKS = 6;
    private static final double DECADES_FROM = 200;

    private final boolean logarithmic;
    private final double from;
    private final double to;
    private final List<Double> ticks = new ArrayList<>();

    private Scale(boolean logarithmic, double from, double to) {
        this.logarithmic = logarithmic;
        this.from = from;
        this.to = to;
    }

    /** From 0 to the first mark that is not below the most; marks at multiples of 1, 2 or 5 and a power of ten. */
    public static Scale linear(double most) {
        double step = Math.pow(10, Math.floor(Math.log10(most / MAX_TICKS)));
        double[] factors = {1, 2, 5, 10};
        int factor = 0;
        while (most / (step * factors[factor]) > MAX_TICKS) {
            factor++;
        }
        step *= factors[factor];
        int count = (int) Math.ceil(most / step - 1e-9);
        Scale scale = new Scale(false, 0, count * step);
        for (int i = 0; i <= count; i++) {
            scale.ticks.add(i * step);
        }
        return scale;
    }

    /** From a value above 0 to another, outward to the next mark; marks at powers of 2, of 10 where these are many. */
    public static Scale logarithmic(double least, double most) {
        double base = most / least > DECADES_FROM ? 10 : 2;
        long first = (long) Math.floor(Math.log(least) / Math.log(base) + 1e-9);
        long last = (long) Math.ceil(Math.log(most) / Math.log(base) - 1e-9);
        Scale scale = new Scale(true, Math.pow(base, first), Math.pow(base, Math.max(last, first + 1)));
        for (long power = first; power <= Math.max(last, first + 1); power++) {
            scale.ticks.add(Math.pow(base, power));
        }
        return scale;
    }

    /** 0 at the begin of the axis, 1 at its end. */
    public double position(double value) {
        return logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    /** The marked values, in order. */
    public List<Double> ticks() {
        return List.copyOf(ticks);
    }
}
