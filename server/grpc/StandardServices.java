package server.grpc;

import energy.EnergyMonitorGrpc;
import io.grpc.HandlerRegistry;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.util.MutableHandlerRegistry;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What gRPC's tools expect of any server: the health service and reflection. Nothing of them is loaded before the first
 * call to one of them. All of it happens on the server's event loop.
 */
final class StandardServices extends HandlerRegistry {

    private static final String HEALTH = "grpc.health.v1.Health/";
    private static final String REFLECTION = "grpc.reflection.";
    private static final long LOOK_MILLIS = 500;

    private final BooleanSupplier health;
    private final ScheduledExecutorService eventLoop;
    private Loaded loaded;
    private boolean hasEnded;

    /**
     * Loads nothing yet.
     *
     * @param health whether the monitor is healthy now
     */
    StandardServices(BooleanSupplier health, ScheduledExecutorService eventLoop) {
        this.health = health;
        this.eventLoop = eventLoop;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
        boolean isHealth = method.startsWith(HEALTH);
        if (hasEnded || !isHealth && !method.startsWith(REFLECTION)) {
            return null;
        }
        if (loaded == null) {
            loaded = new Loaded();
        }
        if (isHealth) {
            loaded.look();
        }
        return loaded.services.lookupMethod(method, authority);
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return loaded == null ? List.of() : loaded.services.getServices();
    }

    /** Tells those who watch that nothing is served any more, and ends their calls. */
    void end() {
        hasEnded = true;
        if (loaded != null) {
            loaded.status.enterTerminalState();
            loaded.calls.end();
        }
    }

    private final class Loaded {

        private final MutableHandlerRegistry services = new MutableHandlerRegistry();
        private final HealthStatusManager status = new HealthStatusManager();
        private final OpenCalls calls = new OpenCalls();
        private boolean looksAgain;

        @SuppressWarnings("deprecation") // what tools of before 2024 ask for
        Loaded() {
            services.addService(ServerInterceptors.intercept(status.getHealthService(), calls));
            services.addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), calls));
            services.addService(ServerInterceptors.intercept(ProtoReflectionService.newInstance(), calls));
        }

        /** Takes over how the monitor is, and does so again as long as somebody may be watching. */
        private void look() {
            ServingStatus now = health.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
            status.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now);
            status.setStatus(EnergyMonitorGrpc.SERVICE_NAME, now);
            if (!looksAgain) {
                looksAgain = true;
                eventLoop.schedule(this::lookAgain, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private void lookAgain() {
            looksAgain = false;
            if (!hasEnded && !calls.isEmpty()) {
                look();
            }
        }
    }
}
