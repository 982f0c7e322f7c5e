package server.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Limits the calls that go on for as long as their clients want, and ends them with the server. */
final class OpenCalls implements ServerInterceptor {

    private final Set<ServerCall<?, ?>> open = new HashSet<>();

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                                                       ServerCallHandler<Q, A> next) {
        if (open.size() >= TelemetryStream.MAX_STREAMS) {
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("this monitor serves "
                    + TelemetryStream.MAX_STREAMS + " such calls at most"), new Metadata());
            return new ServerCall.Listener<>() { };
        }
        open.add(call);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onComplete() {
                open.remove(call);
                super.onComplete();
            }

            @Override
            public void onCancel() {
                open.remove(call);
                super.onCancel();
            }
        };
    }

    /** Closes all of them. */
    void end() {
        List.copyOf(open).forEach(call ->
                call.close(Status.UNAVAILABLE.withDescription("the monitor ends"), new Metadata()));
    }
}
