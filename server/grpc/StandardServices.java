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

/**
 * What gRPC's tools expect of any server: the health service and reflection. Neither is loaded before the first call to
 * one of them. Everything here happens on the server's event loop.
 */
final class StandardServices extends HandlerRegistry {

    static final String HEALTH = "grpc.health.v1.Health/";
    private static final String REFLECTION = "grpc.reflection.";

    private Loaded loaded;
    private boolean healthy;
    private boolean hasEnded;

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
        boolean isHealth = method.startsWith(HEALTH);
        if (hasEnded || !isHealth && !method.startsWith(REFLECTION)) {
            return null;
        }
        if (loaded == null) {
            loaded = new Loaded();
        }
        return loaded.services.lookupMethod(method, authority);
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return loaded == null ? List.of() : loaded.services.getServices();
    }

    /** The monitor measures from now on, or no longer: those who watch are told. */
    void setHealthy(boolean isHealthy) {
        healthy = isHealthy;
        if (loaded != null && !hasEnded) {
            loaded.tellHealth();
        }
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

        @SuppressWarnings("deprecation") // tools from before 2024 ask for the old reflection
        Loaded() {
            services.addService(ServerInterceptors.intercept(status.getHealthService(), calls));
            services.addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), calls));
            services.addService(ServerInterceptors.intercept(ProtoReflectionService.newInstance(), calls));
            tellHealth();
        }

        private void tellHealth() {
            ServingStatus now = healthy ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
            status.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now);
            status.setStatus(EnergyMonitorGrpc.SERVICE_NAME, now);
        }
    }
}
