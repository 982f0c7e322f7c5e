package collectors.gpu;

/**
 * What AMD's GPUs can be asked, by the index of the GPU. An answer is a code: {@link SensorQuery#SUCCESS}, and then
 * {@link #value} is the number, or one of the source's own. Like a collector, a source belongs to one thread.
 */
interface AmdSource {

    /** The source's name, for people. */
    String name();

    /** The driver's version, or null. */
    default String driverVersion() {
        return null;
    }

    /** Begins, or begins anew after {@link #shutdown}: only then is it known which GPUs are there. */
    int init();

    void shutdown();

    /** How many GPUs there are; 0 also when that is not known. */
    int count();

    /** The model's name, or null. */
    String model(int gpu);

    /** {@code GPU-} and 16 hexadecimal digits, as ROCR_VISIBLE_DEVICES has it, or null. */
    String uuid(int gpu);

    /** Where the GPU is, as the kernel writes it, such as {@code 0000:03:00.0}, or null. */
    String pciAddress(int gpu);

    /** Watts. */
    int power(int gpu);

    /** Joules since some moment. */
    int energy(int gpu);

    /** Degrees Celsius of the hottest spot, or else of the edge. */
    int temperature(int gpu);

    /** MiB. */
    int memoryUsed(int gpu);

    /** MiB. */
    int memoryTotal(int gpu);

    /** Percent of time in which the GPU computed. */
    int utilization(int gpu);

    /** Watts. */
    int powerLimit(int gpu);

    /** The number of the latest answer that succeeded. */
    double value();

    /** What a code means. */
    String describe(int code);

    /** Whether a failure with that code will last, whatever is done. */
    boolean isHopeless(int code);

    /** Whether a failure with that code may mean that the GPU or its driver is gone. */
    boolean maySayLost(int code);
}
