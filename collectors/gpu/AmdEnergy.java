package collectors.gpu;

/** The unit of the energy counter in AMD's chips. */
final class AmdEnergy {

    /** 2^-16 J, as the kernel's struct gpu_metrics has it (kgd_pp_interface.h, energy_accumulator). */
    private static final double UNIT_MICROJOULES = 1e6 / 65536;
    private static final double ROUNDING = 0.005;

    private AmdEnergy() {
    }

    /** The unit in µJ; AMD's libraries give it rounded to 15.3 or 15.259, 0.3 % too much or nearly right. */
    static double unitMicrojoules(float resolution) {
        return Math.abs(resolution / UNIT_MICROJOULES - 1) < ROUNDING ? UNIT_MICROJOULES : resolution;
    }
}
