package server.grpc;

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

    AccessInterceptor(AccessToken token) {
        this.token = token;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                                                       ServerCallHandler<Q, A> next) {
        if (token.isGranted(AccessToken.ofHeader(headers.get(AUTHORIZATION)))) {
            return next.startCall(call, headers);
        }
        call.close(Status.UNAUTHENTICATED.withDescription(
                "this monitor wants its access token, as the metadata 'authorization: Bearer TOKEN'"), new Metadata());
        return new ServerCall.Listener<>() { };
    }
}
