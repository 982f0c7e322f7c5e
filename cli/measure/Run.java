package cli.measure;

import energy.EnergyResponse;

/**
 * One run of a command.
 *
 * @param command  the place of its command in the results' list
 * @param number   1 for the first run of that command
 * @param exitCode null when it is not known, as that of a process that others have started
 * @param energy   what was used meanwhile
 */
record Run(int command, int number, Integer exitCode, EnergyResponse energy) {

    boolean hasSucceeded() {
        return exitCode == null || exitCode == 0;
    }

    boolean hasJoules() {
        return energy.getTotal().getValid();
    }

    double seconds() {
        return energy.getSeconds();
    }
}
