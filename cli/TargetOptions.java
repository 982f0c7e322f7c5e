package cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import picocli.CommandLine.Option;

/** A monitor that runs, to be asked instead of this machine's sensors. */
final class TargetOptions {

    @Option(names = "--target", paramLabel = "HOST:PORT",
            description = "Ask a monitor that runs there, instead of this machine's sensors")
    private String target;

    String target() {
        return target;
    }

    ManagedChannel channel() {
        return NettyChannelBuilder.forTarget(target).usePlaintext().build();
    }
}
