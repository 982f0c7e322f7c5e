package collectors.registry;

import collectors.CollectorContext;
import collectors.CollectorUnavailableException;
import collectors.TelemetryCollector;
import java.lang.reflect.InvocationTargetException;

/** A collector that is asked for by the name of its class, from anywhere on the class path. */
final class CollectorClass implements CollectorRegistry.Factory {

    private final Class<? extends TelemetryCollector> type;

    /**
     * Loads the class.
     *
     * @throws IllegalArgumentException when there is none, or when it is no collector
     */
    CollectorClass(String name) {
        Class<?> named;
        try {
            named = Class.forName(name);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException("there is no collector and no class of that name");
        }
        if (!TelemetryCollector.class.isAssignableFrom(named)) {
            throw new IllegalArgumentException("the class does not implement " + TelemetryCollector.class.getName());
        }
        type = named.asSubclass(TelemetryCollector.class);
    }

    @Override
    public TelemetryCollector open(CollectorContext context) throws Exception {
        try {
            try {
                return type.getConstructor(CollectorContext.class).newInstance(context);
            } catch (NoSuchMethodException e) {
                return type.getConstructor().newInstance();
            }
        } catch (NoSuchMethodException e) {
            throw new CollectorUnavailableException(
                    "has no public constructor that takes nothing or a CollectorContext");
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
