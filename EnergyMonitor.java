///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+

//DEPS proto/ProtoCompiler.java
//DEPS io.grpc:grpc-netty-shaded:1.83.0
//DEPS io.grpc:grpc-stub:1.83.0
//DEPS net.java.dev.jna:jna:5.19.1
//DEPS info.picocli:picocli:4.7.7
//FILES energy.proto=proto/energy.proto
//COMPILE_OPTIONS -processor proto.ProtoCompiler

public class EnergyMonitor { public static void main(String[] a){ System.out.println(energy.EnergyMonitorGrpc.SERVICE_NAME); } }
