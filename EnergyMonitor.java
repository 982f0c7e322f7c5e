///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+
//MAIN cli.Main

//DEPS proto/Energy.java
//DEPS io.grpc:grpc-netty-shaded:1.83.0
//DEPS io.grpc:grpc-services:1.83.0
//DEPS io.grpc:grpc-stub:1.83.0
//DEPS net.java.dev.jna:jna:5.19.1
//DEPS com.googlecode.plist:dd-plist:1.30
//DEPS info.picocli:picocli:4.7.7
//DEPS com.google.code.gson:gson:2.14.0
//DEPS com.github.oshi:oshi-core:6.9.1
// Only for OSHI: the one that goes with the JNA above.
//DEPS net.java.dev.jna:jna-platform:5.19.1
//DEPS org.slf4j:slf4j-nop:2.0.17
// Only for gRPC: the one that its POM names makes JDK 25 warn of sun.misc.Unsafe.
//DEPS com.google.guava:guava:33.8.0-android
// Only for --http-port.
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//DEPS org.webjars.npm:uplot:1.6.30
// Only for watch.
//DEPS org.jline:jline-terminal:3.30.6

//SOURCES cli/ChildCommand.java
//SOURCES cli/CommandLines.java
//SOURCES cli/Csv.java
//SOURCES cli/CsvFile.java
//SOURCES cli/DoctorCommand.java
//SOURCES cli/DoctorReport.java
//SOURCES cli/DurationConverter.java
//SOURCES cli/EnergyLedger.java
//SOURCES cli/EnergyPart.java
//SOURCES cli/EnergySpan.java
//SOURCES cli/EnergyStopwatch.java
//SOURCES cli/Figures.java
//SOURCES cli/FileProblem.java
//SOURCES cli/InstallIpwCommand.java
//SOURCES cli/IpwPackage.java
//SOURCES cli/IpwStart.java
//SOURCES cli/JsonLinesFile.java
//SOURCES cli/LaunchdList.java
//SOURCES cli/LineFile.java
//SOURCES cli/LocalTelemetry.java
//SOURCES cli/LogLevel.java
//SOURCES cli/Logging.java
//SOURCES cli/Main.java
//SOURCES cli/MeasureCommand.java
//SOURCES cli/MeasureReport.java
//SOURCES cli/ParentWatch.java
//SOURCES cli/ParquetColumn.java
//SOURCES cli/ParquetFile.java
//SOURCES cli/ParquetFooter.java
//SOURCES cli/ParquetGroup.java
//SOURCES cli/PowerHistory.java
//SOURCES cli/PrepareCommand.java
//SOURCES cli/Progress.java
//SOURCES cli/RecordCommand.java
//SOURCES cli/RecordFailure.java
//SOURCES cli/RecordFile.java
//SOURCES cli/RecordTable.java
//SOURCES cli/Recording.java
//SOURCES cli/RemoteTelemetry.java
//SOURCES cli/SecurityOptions.java
//SOURCES cli/SensorOptions.java
//SOURCES cli/SensorRates.java
//SOURCES cli/ServeCommand.java
//SOURCES cli/ServiceCommand.java
//SOURCES cli/ShellWord.java
//SOURCES cli/Spread.java
//SOURCES cli/SystemdUnit.java
//SOURCES cli/TargetOptions.java
//SOURCES cli/Telemetry.java
//SOURCES cli/TelemetryOptions.java
//SOURCES cli/ThriftCompact.java
//SOURCES cli/TrialStart.java
//SOURCES cli/UserError.java
//SOURCES cli/Version.java
//SOURCES cli/WatchCommand.java
//SOURCES cli/WatchScreen.java
//SOURCES collectors/Accounting.java
//SOURCES collectors/AmdCollector.java
//SOURCES collectors/AmdEnergy.java
//SOURCES collectors/AmdModels.java
//SOURCES collectors/AmdSmi.java
//SOURCES collectors/AmdSource.java
//SOURCES collectors/AmdSysfs.java
//SOURCES collectors/Backoff.java
//SOURCES collectors/BatteryCollector.java
//SOURCES collectors/CollectorContext.java
//SOURCES collectors/CollectorRegistry.java
//SOURCES collectors/CollectorUnavailableException.java
//SOURCES collectors/DeviceKind.java
//SOURCES collectors/DeviceSample.java
//SOURCES collectors/DeviceSelection.java
//SOURCES collectors/GpuInfo.java
//SOURCES collectors/Host.java
//SOURCES collectors/HostInfo.java
//SOURCES collectors/HwmonCollector.java
//SOURCES collectors/HwmonPlatform.java
//SOURCES collectors/LinuxHost.java
//SOURCES collectors/MacosCollector.java
//SOURCES collectors/NativeSearch.java
//SOURCES collectors/NoSuchDeviceException.java
//SOURCES collectors/NullCollector.java
//SOURCES collectors/NvidiaCollector.java
//SOURCES collectors/Nvml.java
//SOURCES collectors/OperatingSystem.java
//SOURCES collectors/OshiHost.java
//SOURCES collectors/Powermetrics.java
//SOURCES collectors/PowermetricsChild.java
//SOURCES collectors/PowermetricsSample.java
//SOURCES collectors/PropertyListSplitter.java
//SOURCES collectors/RaplCollector.java
//SOURCES collectors/RocmSmi.java
//SOURCES collectors/RuntimeSuspend.java
//SOURCES collectors/SensorQuery.java
//SOURCES collectors/SimulatedCollector.java
//SOURCES collectors/SysfsFile.java
//SOURCES collectors/TelemetryCollector.java
//SOURCES server/AccessInterceptor.java
//SOURCES server/AccessToken.java
//SOURCES server/BesideTotals.java
//SOURCES server/Broadcast.java
//SOURCES server/CollectorSlot.java
//SOURCES server/CounterPower.java
//SOURCES server/CounterTrial.java
//SOURCES server/DetailsEncoder.java
//SOURCES server/EnergyMeter.java
//SOURCES server/EnergyMonitorService.java
//SOURCES server/EventStream.java
//SOURCES server/FileText.java
//SOURCES server/HttpConnection.java
//SOURCES server/HttpEndpoint.java
//SOURCES server/HttpFiles.java
//SOURCES server/HttpGuard.java
//SOURCES server/HttpRequests.java
//SOURCES server/HttpResponses.java
//SOURCES server/Mailbox.java
//SOURCES server/Metrics.java
//SOURCES server/Monitor.java
//SOURCES server/MonitorServer.java
//SOURCES server/OpenCalls.java
//SOURCES server/Pem.java
//SOURCES server/Reading.java
//SOURCES server/ReadingEncoder.java
//SOURCES server/ReadingJson.java
//SOURCES server/ReadingMarshaller.java
//SOURCES server/RenewableSslContext.java
//SOURCES server/SampleCheck.java
//SOURCES server/Sampler.java
//SOURCES server/Scrape.java
//SOURCES server/Security.java
//SOURCES server/Sensors.java
//SOURCES server/StandardServices.java
//SOURCES server/SweepTimes.java
//SOURCES server/TlsFiles.java
//SOURCES server/Totals.java
//SOURCES server/UnusableFileException.java

// Also because a changed contract is a reason to compile the monitor anew.
//FILES energy.proto=proto/energy.proto
//FILES server/page.css=server/page.css
//FILES server/page.html=server/page.html
//FILES server/page.js=server/page.js

// The first compiler is quicker for a javac that runs some seconds only.
//COMPILE_OPTIONS -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//COMPILE_OPTIONS -encoding UTF-8
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms8m -Xmn2m -Xmx64m
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.transport.noNative=true
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.noUnsafe=true
// What netty would find out while it starts, at a cost: flight recording, a MAC address and a process id for channels.
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.jfr.enabled=false
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.machineId=00:00:00:00:00:00:00:00
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.processId=1
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.allocator.type=unpooled
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED
//MANIFEST Enable-Native-Access=ALL-UNNAMED

/** Streams the energy and power telemetry of this machine over gRPC; see README.md. */
public final class EnergyMonitor {

    private EnergyMonitor() {
    }

    public static void main(String... arguments) {
        cli.Main.main(arguments);
    }
}
