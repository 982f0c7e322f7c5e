package collectors;

/** How a device's power and energy enter the sums, so that nothing is counted twice. */
public enum Accounting {
    /** Added up with the other devices of its collector. */
    ADDED,
    /** Shown beside its collector's sum and not part of it. */
    BESIDE,
    /** Part of what another device measures, or not known to be apart from it: shown, never added. */
    CONTAINED
}
