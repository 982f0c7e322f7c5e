package server.grpc;

import energy.EnergyMonitorGrpc;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import server.security.AccessToken;

/** Lets in the calls that show the access token in their metadata {@code authorization}. */
final class AccessInterceptor implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final AccessToken token;
    private final boolean healthIsOpen;

    /** Lets in those who show the token and, if {@code healthIsOpen}, those who ask for the health only. */
    AccessInterceptor(AccessToken token, boolean healthIsOpen) {
        this.token = token;
        this.healthIsOpen = healthIsOpen;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                                                       ServerCallHandler<Q, A> next) {
        if (healthIsOpen && isHealth(call.getMethodDescriptor().getFullMethodName())
                || token.isGranted(AccessToken.ofHeader(headers.get(AUTHORIZATION)),
                        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))) {
            return next.startCall(call, headers);
        }
        call.close(Status.UNAUTHENTICATED.withDescription(
                "send this monitor's access token as the metadata 'authorization: Bearer TOKEN'"), new Metadata());
        return new ServerCall.Listener<>() { };
    }

    private static boolean isHealth(String method) {
        return method.startsWith(StandardServices.HEALTH)
                || method.equals(EnergyMonitorGrpc.SERVICE_NAME + "/Health");
    }
}
