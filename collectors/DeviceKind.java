package collectors;

/** What a device is. */
public enum DeviceKind {
    GPU,
    CPU_PACKAGE,
    DRAM,
    OTHER
}
