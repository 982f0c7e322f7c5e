package cli.readings;

import cli.options.UserError;
import collectors.registry.CollectorRegistry;
import energy.CollectorInfo;
import energy.DescribeResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Waits for devices where a collector is open that has not answered yet: a driver that was just woken, or that a busy
 * machine keeps waiting, takes seconds for its first answer, and is not to be taken for one that measures nothing.
 */
public final class FirstDevices {

    /** As long as {@code measure} waits for a device that is slow. */
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final long POLL_MILLIS = 50;

    private FirstDevices() {
    }

    /** What is measured, as soon as there are devices, or without any after ten seconds, or where no collector is open. */
    public static DescribeResponse await(Telemetry telemetry) throws UserError, InterruptedException {
        return await(telemetry, TIMEOUT_MILLIS);
    }

    static DescribeResponse await(Telemetry telemetry, long timeoutMillis) throws UserError, InterruptedException {
        long beginNanos = System.nanoTime();
        DescribeResponse described = telemetry.describe();
        while (described.getDevicesCount() == 0 && !open(described).isEmpty()
                && System.nanoTime() - beginNanos < TimeUnit.MILLISECONDS.toNanos(timeoutMillis)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            described = telemetry.describe();
        }
        return described;
    }

    /**
     * Refuses to go on where there are none.
     *
     * @throws UserError with the reasons, and what to do
     */
    public static void require(DescribeResponse described) throws UserError {
        if (described.getDevicesCount() > 0) {
            return;
        }
        List<String> silent = open(described);
        if (!silent.isEmpty()) {
            throw new UserError("no device answers: " + String.join(", ", silent) + (silent.size() == 1 ? " is" : " are")
                    + " open, and told of none within 10 s; is the driver hung?");
        }
        List<CollectorInfo> refused = described.getCollectorsList().stream()
                .filter(collector -> !collector.getReason().isEmpty()
                        && !collector.getReason().equals(CollectorRegistry.OTHER_SYSTEM)).toList();
        String remedy = refused.stream().map(CollectorInfo::getRemedy).filter(text -> !text.isEmpty()).findFirst()
                .map(text -> ". fix: " + text).orElse("");
        String reasons = refused.stream().map(collector -> collector.getName() + ": " + collector.getReason())
                .collect(Collectors.joining("; "));
        throw new UserError("nothing is measured here" + (reasons.isEmpty() ? "" : " (" + reasons + ")") + remedy
                + ". 'energy-monitor doctor' says more");
    }

    /** The names of the collectors that are open, whether they answer or not. */
    public static List<String> open(DescribeResponse described) {
        return described.getCollectorsList().stream()
                .filter(collector -> !collector.getPlatform().isEmpty()
                        && !collector.getPlatform().equals(CollectorRegistry.NONE))
                .map(CollectorInfo::getName).toList();
    }
}
