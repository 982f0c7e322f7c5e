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
// Terminals by native code: without it there is no live view on Windows.
//DEPS org.jline:jline-terminal-jni:3.30.6

//SOURCES collectors/package-info.java
//SOURCES telemetry/package-info.java
//SOURCES server/package-info.java
//SOURCES cli/package-info.java

// Also because a changed contract is a reason to compile the monitor anew.
//FILES energy.proto=proto/energy.proto
//FILES server/http/page.charts.js=server/http/page.charts.js
//FILES server/http/page.css=server/http/page.css
//FILES server/http/page.history.js=server/http/page.history.js
//FILES server/http/page.html=server/http/page.html
//FILES server/http/page.interval.js=server/http/page.interval.js
//FILES server/http/page.js=server/http/page.js
//FILES server/http/page.table.js=server/http/page.table.js
//FILES server/http/page.text.js=server/http/page.text.js

// The first compiler is quicker for a javac that runs some seconds only.
//COMPILE_OPTIONS -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//COMPILE_OPTIONS -encoding UTF-8
// Each place that joins strings would else have Java make classes for it when it is run first, which no archive keeps.
//COMPILE_OPTIONS -XDstringConcat=inline
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms8m -Xmn2m -Xmx64m
// The class archives stay where they were mapped: shared pages instead of 6 MB of private copies.
//RUNTIME_OPTIONS -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
// Half a megabyte less for the table of a few thousand strings, which grows where there are more.
//RUNTIME_OPTIONS -XX:StringTableSize=4096
// What is run 20 times a second is to be compiled within seconds, and the machine's own threads are to wake up no more
// often than there is something to do.
//RUNTIME_OPTIONS -XX:CompileThresholdScaling=0.5 -XX:AsyncDeflationInterval=0 -XX:GuaranteedSafepointInterval=0
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.noUnsafe=true
// What netty would find out while it starts, at a cost: flight recording, a MAC address and a process id for channels.
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.jfr.enabled=false
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.machineId=00:00:00:00:00:00:00:00
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.processId=1
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.allocator.type=unpooled
// What is sent goes through one buffer outside the heap instead of one for each message.
//RUNTIME_OPTIONS -Dio.grpc.netty.shaded.io.netty.threadLocalDirectBufferSize=65536
// Types that picocli would prepare to read from arguments, of which no option is one: java.sql and much of java.time.
//RUNTIME_OPTIONS -Dpicocli.converters.excludes=java.sql.*,java.time.*
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
