package collectors.host;

import com.sun.jna.Function;
import java.util.logging.Logger;

/**
 * How exactly a thread is woken. Windows wakes threads at ticks 15.6 ms apart unless a process asks for finer ones with
 * timeBeginPeriod of timeapi.h, which costs power; other systems are exact anyway. For one thread at a time.
 */
public final class TimerResolution {

    private static final Logger LOG = Logger.getLogger(TimerResolution.class.getName());
    private static final boolean HAS_TICKS = OperatingSystem.current() == OperatingSystem.WINDOWS;
    private static final int FINE_MILLIS = 1;
    /** {@code TIMERR_NOERROR}. */
    private static final int SUCCESS = 0;

    private boolean fine;

    /** Asks for wakings as exact as can be had, or gives that up again. */
    public void setFine(boolean wanted) {
        if (HAS_TICKS && wanted != fine) {
            fine = wanted;
            call(wanted ? "timeBeginPeriod" : "timeEndPeriod");
        }
    }

    private static void call(String function) {
        try {
            int code = Function.getFunction("winmm", function).invokeInt(new Object[] {FINE_MILLIS});
            if (code != SUCCESS) {
                LOG.warning("Readings may be late by 16 ms: " + function + " answered " + code);
            }
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            LOG.warning("Readings may be late by 16 ms: " + e.getMessage());
        }
    }
}
