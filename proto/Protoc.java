///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+

// Of the versions that ProtoCompiler.java has of protobuf-java and grpc-protobuf.
//DEPS com.google.protobuf:protoc:4.36.1:${os.detected.classifier}@exe
//DEPS io.grpc:protoc-gen-grpc-java:1.83.0:${os.detected.classifier}@exe

package proto;

/**
 * Has JBang fetch the compilers of the contract into the local Maven repository, where ProtoCompiler finds them. They
 * are no part of the monitor's class path, because this script is one of ProtoCompiler's only.
 */
final class Protoc {

    private Protoc() {
    }
}
