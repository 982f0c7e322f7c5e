///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+

//DEPS ProtoCompiler.java
//DEPS com.google.protobuf:protobuf-java:4.36.1
//DEPS io.grpc:grpc-protobuf:1.83.0
//DEPS io.grpc:grpc-stub:1.83.0

//FILES energy.proto

//COMPILE_OPTIONS -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//COMPILE_OPTIONS -processor proto.ProtoCompiler

package proto;

/**
 * The script whose jar has the classes that are made of energy.proto. They are compiled when the contract changes, and
 * not with the monitor; IDEs find them in the jar.
 */
final class Energy {

    private Energy() {
    }
}
