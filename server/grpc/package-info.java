//SOURCES AcceptingChannel.java
//SOURCES AccessInterceptor.java
//SOURCES EnergyMonitorService.java
//SOURCES GrpcServer.java
//SOURCES OpenCalls.java
//SOURCES ReadingMarshaller.java
//SOURCES StandardServices.java
//SOURCES TelemetryStream.java

/**
 * The gRPC service of {@code proto/energy.proto}, and gRPC's standard services for health and reflection.
 */
package server.grpc;
