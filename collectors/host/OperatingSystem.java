package collectors.host;

/** The operating systems that collectors tell apart. */
public enum OperatingSystem {
    LINUX("Linux"), MACOS("Mac"), WINDOWS("Windows"), OTHER("");

    private final String prefix;

    OperatingSystem(String prefix) {
        this.prefix = prefix;
    }

    /** The one that this process runs on. */
    public static OperatingSystem current() {
        return of(System.getProperty("os.name"));
    }

    /** The one that the system property {@code os.name} names. */
    static OperatingSystem of(String osName) {
        for (OperatingSystem system : values()) {
            if (osName.startsWith(system.prefix)) {
                return system;
            }
        }
        throw new IllegalArgumentException(osName); // not reached: every name begins with the empty prefix of OTHER
    }
}
