package cli;

import cli.options.Logging;
import cli.options.SecurityOptions;
import cli.options.SensorOptions;
import cli.options.UserError;
import cli.options.Version;
import collectors.CollectorUnavailableException;
import collectors.host.OperatingSystem;
import collectors.registry.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import server.Monitor;
import server.Preload;
import server.http.HttpEndpoint;
import server.security.UnusableFileException;
import telemetry.accounting.CpuFields;
import telemetry.sampling.Sensors;

/** Serves the machine's energy telemetry over gRPC until it is told to end. */
@Command(name = "energy-monitor", mixinStandardHelpOptions = true, versionProvider = Version.class,
        sortOptions = false, customSynopsis = {"energy-monitor [OPTION...]", "       energy-monitor COMMAND ..."},
        description = "Streams the energy and power telemetry of this machine over gRPC.",
        optionListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:help or version was printed", "1:it could not serve; the reason is on stderr",
            "2:the command line was wrong", "143, 130:it ended on SIGTERM or Ctrl-C"},
        footerHeading = "%nExamples:%n",
        footer = {"  energy-monitor", "  energy-monitor --http-port 50080 --bind-address 0.0.0.0 --tls-cert c.pem "
                + "--tls-key k.pem", "  energy-monitor --port 0 --collector simulated --interval-ms 10"})
public final class ServeCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65535;
    /** The name that existing launchers use. */
    private static final String OLD_INTERVAL = "--collection-interval-ms";
    private static final long MAX_INTERVAL_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final long RESOLVE_TIMEOUT_MILLIS = 500;

    @Option(names = "--bind-address", paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
            description = "The address of this machine to serve on. Default: ${DEFAULT-VALUE}")
    private String bindAddress;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "50053",
            description = "The port to serve on; 0 takes a free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--http-port", paramLabel = "PORT",
            description = "Also serve a live page, /metrics for Prometheus and /readings as JSON over HTTP on this "
                    + "port; 0 takes a free one. Default: no HTTP")
    private Integer httpPort;

    @Option(names = "--interval-ms", paramLabel = "MS", defaultValue = "50",
            description = "Milliseconds between two readings, from 1 up. Default: ${DEFAULT-VALUE}. The older name "
                    + "--collection-interval-ms works as well")
    private long intervalMillis;

    @Option(names = OLD_INTERVAL, paramLabel = "MS", hidden = true)
    private Long oldIntervalMillis;

    @Mixin
    private SensorOptions sensors;

    @Mixin
    private SecurityOptions security;

    @Option(names = "--cpu-fields", paramLabel = "HOW", defaultValue = "combined",
            description = "Where a machine measured by its CPU's sensors alone has the packages: combined (with the "
                    + "DRAM in fields 1 and 2) or separate (in fields 10 and 11). Default: ${DEFAULT-VALUE}")
    private CpuFields cpuFields;

    @Option(names = "--exit-with-parent",
            description = "End when the process that started this one ends, however it ends")
    private boolean exitWithParent;

    @Option(names = "--log-level", paramLabel = "LEVEL", defaultValue = "info",
            description = "How much to log on stderr: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Logging.Threshold logLevel;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        CollectorRegistry registry = CollectorRegistry.standard();
        check();
        Sensors.Settings toMeasure = sensors.settings(registry, intervalMillis(), cpuFields);
        Logging.configure(logLevel, System.err);
        if (exitWithParent) {
            ParentWatch.start();
        }
        InetAddress address = resolve();
        Preload.await();
        Monitor monitor = new Monitor(new Monitor.Settings(new InetSocketAddress(address, port),
                httpPort == null ? null : new InetSocketAddress(address, httpPort), toMeasure, security.settings(httpPort != null)),
                registry);
        Runtime.getRuntime().addShutdownHook(new Thread(monitor::stop, "stop"));
        try {
            monitor.start();
        } catch (CollectorUnavailableException e) {
            throw SensorOptions.cannotWork(toMeasure.collector(), e);
        } catch (UnusableFileException e) {
            throw new UserError(e.getMessage());
        } catch (IOException e) {
            throw new UserError(bindFailure(e));
        }
        MemoryUpkeep.run(); // until a signal ends the process
        return 0;
    }

    private void check() {
        if (bindAddress.isBlank()) { // Java takes it for the loopback address
            throw usage("--bind-address", bindAddress, "give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
        }
        checkPort("--port", port);
        checkPort("--http-port", httpPort == null ? 0 : httpPort);
        if (oldIntervalMillis != null && spec.commandLine().getParseResult().hasMatchedOption("--interval-ms")) {
            throw new ParameterException(spec.commandLine(),
                    "--interval-ms and " + OLD_INTERVAL + " are the same: give one of them");
        }
        if (intervalMillis() < 1 || intervalMillis() > MAX_INTERVAL_MILLIS) {
            throw usage(oldIntervalMillis == null ? "--interval-ms" : OLD_INTERVAL, String.valueOf(intervalMillis()),
                    "give a number from 1 to " + MAX_INTERVAL_MILLIS);
        }
    }

    private long intervalMillis() {
        return oldIntervalMillis == null ? intervalMillis : oldIntervalMillis;
    }

    private void checkPort(String option, int value) {
        if (value < 0 || value > MAX_PORT) {
            throw usage(option, String.valueOf(value), "give a number from 0 to " + MAX_PORT);
        }
    }

    private ParameterException usage(String option, String value, String remedy) {
        return SensorOptions.usage(spec, option, value, remedy);
    }

    /** A name that takes long to resolve is no address of this machine. */
    private InetAddress resolve() throws UserError, InterruptedException {
        CompletableFuture<InetAddress> resolving = CompletableFuture.supplyAsync(() -> {
            try {
                return InetAddress.getByName(bindAddress);
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
        try {
            return resolving.get(RESOLVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new UserError("--bind-address " + bindAddress
                    + " cannot be resolved: give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
        }
    }

    private String bindFailure(IOException failure) {
        boolean http = failure instanceof HttpEndpoint.BindFailure;
        return BindProblem.describe(failure, bindAddress, http ? httpPort : port, http ? "--http-port" : "--port",
                OperatingSystem.current());
    }
}
