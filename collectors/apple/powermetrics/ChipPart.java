package collectors.apple.powermetrics;

import static collectors.DeviceSample.UNAVAILABLE;
import static collectors.DeviceSample.isAvailable;

import collectors.DeviceSample;
import collectors.Units;
import java.util.List;

/** A part of a chip, or several together: its energy since the first list of powermetrics, and its power. */
final class ChipPart {

    /** Some chips publish their energy up to 2.2 s late: only after longer has a counter stopped. */
    private static final double FROZEN_SECONDS = 5;
    /** Energy is listed in whole millijoules. */
    private static final double MAX_ROUNDED_MILLIJOULES = 2;
    private static final String FROZEN = "powermetrics has counted no energy for it for 5 s, although it draws power";
    private static final String UNKNOWN = "powermetrics lists nothing for it on this Mac";

    private final boolean alwaysDraws;
    private final List<ChipPart> parts;
    private double millijoules;
    private boolean counted;
    private boolean known;
    private double listedWatts = UNAVAILABLE;
    private boolean steady;
    private double stillSeconds;

    /** @param alwaysDraws whether it draws power whenever it runs, as a CPU does */
    ChipPart(boolean alwaysDraws) {
        this.alwaysDraws = alwaysDraws;
        parts = List.of();
    }

    /** Several parts together, listed as one. */
    ChipPart(ChipPart... parts) {
        alwaysDraws = false;
        this.parts = List.of(parts);
    }

    /**
     * Takes in what a list says of it.
     *
     * @param steady  whether the energy of each list is what was used during that list
     * @param seconds how long the list covers
     */
    void add(PowermetricsSample.Part part, boolean steady, double seconds) {
        known = part.isKnown();
        counted = isAvailable(part.millijoules());
        millijoules += counted ? part.millijoules() : 0;
        listedWatts = part.powerWatts();
        this.steady = steady || !counted;
        double expectedMillijoules = part.powerWatts() * seconds * Units.MILLIS_PER_UNIT;
        boolean still = counted && part.millijoules() == 0
                && (part.powerWatts() > 0 ? expectedMillijoules > MAX_ROUNDED_MILLIJOULES : alwaysDraws);
        stillSeconds = still ? stillSeconds + seconds : 0;
    }

    boolean isKnown() {
        return known;
    }

    /** Whether its counter has stopped although power is drawn, or that of one of its parts. */
    boolean isFrozen() {
        return parts.stream().anyMatch(ChipPart::isFrozen) || stillSeconds >= FROZEN_SECONDS;
    }

    /** Writes its power and energy, or why there is none. */
    void fill(DeviceSample device) {
        boolean frozen = isFrozen();
        device.powerWatts = frozen ? powerBesideAFrozenCounter() : steady ? listedWatts : UNAVAILABLE;
        device.energyCounterJoules = counted && !frozen ? millijoules / Units.MILLIS_PER_UNIT : UNAVAILABLE;
        device.problem = !known ? UNKNOWN : frozen ? FROZEN : null;
    }

    /** Listed power is made of the counter on most chips: where that has stopped, 0 W is not believed. */
    private double powerBesideAFrozenCounter() {
        boolean believed = listedWatts > 0 && parts.stream().filter(ChipPart::isFrozen)
                .allMatch(part -> part.listedWatts > 0);
        return believed ? listedWatts : UNAVAILABLE;
    }
}
