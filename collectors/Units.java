package collectors;

/** What drivers' numbers are divided by to get watts, joules, degrees, seconds and MiB. */
public final class Units {

    public static final double MICROS_PER_UNIT = 1e6;
    public static final double MILLIS_PER_UNIT = 1e3;
    public static final double NANOS_PER_SECOND = 1e9;
    public static final double KIB_PER_MIB = 1024;
    public static final double BYTES_PER_MIB = 1024.0 * 1024.0;

    private Units() {
    }
}
