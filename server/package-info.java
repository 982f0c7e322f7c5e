//SOURCES grpc/package-info.java
//SOURCES http/package-info.java
//SOURCES security/package-info.java
//SOURCES Monitor.java
//SOURCES Preload.java
//SOURCES Transport.java

/**
 * Who may ask, and how. {@code Monitor} joins what is served over gRPC and over HTTP, which do not know each other.
 */
package server;
