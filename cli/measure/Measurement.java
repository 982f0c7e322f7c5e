package cli.measure;

import cli.measure.process.ChildCommand;
import cli.measure.process.ProcessEnd;
import cli.measure.process.Signals;
import cli.options.UserError;
import cli.readings.Telemetry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import picocli.CommandLine.ExitCode;

/** Measures: the idle machine, the runs of the commands, or a process that runs already. */
final class Measurement implements AutoCloseable {

    /**
     * What is to be done.
     *
     * @param warmups     runs of each command that are not measured
     * @param repeats     runs of each command that are
     * @param idleMillis  how long to measure the idle machine; 0 for not at all
     * @param untilSteady whether to wait for steady power before each interval
     */
    record Plan(int warmups, int repeats, long idleMillis, boolean untilSteady) {
    }

    /** Is told of each run as soon as its energy is known and in the results. */
    interface RunListener {

        void finished(Run run) throws UserError;
    }

    private static final int MAX_NAMES = 3;

    private final Telemetry telemetry;
    private final Plan plan;
    private final Results results;
    private final Signals signals;
    private final Consumer<String> notices;
    private final Readiness readiness;
    private final Stopwatch stopwatch;
    private boolean toldLeftovers;

    /**
     * A measurement that begins to listen to the sensors.
     *
     * @param streamMillis the interval of readings that was asked for; 0 for every reading
     * @param results      where the findings go, each as soon as it is known
     * @param notices      takes what the user should know meanwhile
     */
    Measurement(Telemetry telemetry, long streamMillis, Plan plan, Results results, Signals signals,
                Consumer<String> notices) {
        this.telemetry = telemetry;
        this.plan = plan;
        this.results = results;
        this.signals = signals;
        this.notices = notices;
        long intervalMillis = (long) results.described.getIntervalMs();
        readiness = new Readiness(telemetry, results.described, streamMillis,
                Readiness.readyTimeoutMillis(Math.max(streamMillis, intervalMillis)), notices);
        stopwatch = new Stopwatch(telemetry, intervalMillis, notices);
    }

    /**
     * Waits until energy can be measured.
     *
     * @throws UserError when it cannot
     */
    void prepare() throws UserError, InterruptedException {
        telemetry.mark();
        readiness.await();
        readiness.warnOfBusyDevices();
    }

    /**
     * Runs the commands in turn, so that what changes over time changes for all of them. A run that fails is the last.
     *
     * @param commands as they are executed, in the results' order
     * @return the last command's exit code
     * @throws ChildCommand.NotStartedException when a command cannot be run at all
     */
    int run(List<List<String>> commands, RunListener listener)
            throws UserError, InterruptedException, ChildCommand.NotStartedException {
        for (int i = 1; i <= plan.warmups; i++) {
            for (List<String> command : commands) {
                ChildCommand child = start(command);
                int exitCode = child.awaitEnd();
                tellLeftovers(child);
                if (exitCode != 0 || signals.isEnding()) {
                    notices.accept("a warmup run ended with exit code " + exitCode + ": nothing is measured");
                    return exitCode;
                }
            }
        }
        measureIdle();
        for (int number = 1; number <= plan.repeats; number++) {
            for (int command = 0; command < commands.size(); command++) {
                awaitBegin(() -> false);
                stopwatch.begin();
                ChildCommand child = start(commands.get(command));
                int exitCode = child.awaitEnd();
                Run run = add(new Run(command, number, exitCode, stopwatch.end()));
                tellLeftovers(child);
                boolean last = number == plan.repeats && command == commands.size() - 1;
                if (exitCode != 0) {
                    notices.accept(commands.size() == 1 && plan.repeats == 1 ? "the command ended with exit code " + exitCode
                            : "run " + number + " of '" + results.name(command) + "' ended with exit code " + exitCode
                                    + (last ? "" : ": no further run is made"));
                }
                listener.finished(run);
                if (exitCode != 0 || signals.isEnding()) {
                    return exitCode != 0 || last ? exitCode : signals.exitCode();
                }
                if (run.energy().getDevicesCount() == 0) {
                    throw new UserError(run.energy().getTotal().getProblem());
                }
            }
        }
        return ExitCode.OK;
    }

    /**
     * Measures until a process ends that others have started, or a signal comes.
     *
     * @throws UserError when it ended before measuring could begin
     */
    int follow(ProcessHandle process, RunListener listener) throws UserError, InterruptedException {
        ProcessEnd end = new ProcessEnd(process);
        awaitBegin(end::isOver);
        if (end.isOver()) {
            throw new UserError("process " + process.pid() + " ended before measuring could begin: nothing is measured"
                    + (plan.untilSteady ? "; without --until-steady it begins sooner" : ""));
        }
        stopwatch.begin();
        try {
            end.await();
        } finally {
            listener.finished(add(new Run(0, 1, null, stopwatch.end())));
        }
        return ExitCode.OK;
    }

    @Override
    public void close() {
        stopwatch.close();
    }

    private ChildCommand start(List<String> command) throws ChildCommand.NotStartedException {
        ChildCommand child = new ChildCommand(command);
        signals.setChild(child);
        child.start();
        return child;
    }

    private void tellLeftovers(ChildCommand child) {
        List<String> left = child.leftovers();
        if (!left.isEmpty() && !toldLeftovers) { // the other runs do the same
            toldLeftovers = true;
            String names = String.join(", ", left.subList(0, Math.min(MAX_NAMES, left.size())));
            notices.accept("the command has ended and left running: " + names + (left.size() <= MAX_NAMES ? ""
                    : " and " + (left.size() - MAX_NAMES) + " more") + "; what they use from now on is not in its joules");
        }
    }

    private Run add(Run run) {
        results.runs.add(run);
        return run;
    }

    private void measureIdle() throws UserError, InterruptedException {
        if (plan.idleMillis > 0) {
            awaitBegin(() -> false);
            stopwatch.begin();
            TimeUnit.MILLISECONDS.sleep(plan.idleMillis);
            results.idle = stopwatch.end();
        }
    }

    private void awaitBegin(BooleanSupplier ended) throws UserError, InterruptedException {
        readiness.await();
        if (plan.untilSteady) {
            readiness.awaitSteady(ended);
        }
    }
}
