package collectors;

/** How a device's power and energy enter the sums, so that nothing is counted twice. */
public enum Accounting {
    /** Added up with the other devices of its collector. */
    ADDED,
    /** Reported beside its collector's sum: no part of it. */
    BESIDE,
    /** Contained in another device of its collector: shown, never added. */
    CONTAINED
}
