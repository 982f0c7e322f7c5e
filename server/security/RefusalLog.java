package server.security;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/** Says who was refused, and why: for each reason once a minute at most, with the number of those since. */
public final class RefusalLog {

    private static final Logger LOG = Logger.getLogger(RefusalLog.class.getName());
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final class Refusals {
        long unlogged;
        long loggedNanos;
    }

    private final LongSupplier clock;
    private final Map<String, Refusals> byReason = new HashMap<>();

    public RefusalLog() {
        this(System::nanoTime);
    }

    /** The same by another clock, in nanoseconds that only go forward. */
    RefusalLog(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Somebody was refused.
     *
     * @param reason one of a few texts, which begins after "refused 10.0.0.7: "
     */
    public synchronized void refused(SocketAddress peer, String reason) {
        long now = clock.getAsLong();
        Refusals refusals = byReason.get(reason);
        if (refusals == null) {
            refusals = new Refusals();
            byReason.put(reason, refusals);
        } else if (now - refusals.loggedNanos < PERIOD_NANOS) {
            refusals.unlogged++;
            return;
        }
        LOG.warning("Refused " + address(peer) + (refusals.unlogged == 0 ? ""
                : ", and " + refusals.unlogged + " more since the last such line") + ": " + reason);
        refusals.loggedNanos = now;
        refusals.unlogged = 0;
    }

    /** Without the port, which is another one each time. */
    private static String address(SocketAddress peer) {
        return peer instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress() : "a client";
    }
}
