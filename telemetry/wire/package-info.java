//SOURCES DetailsEncoder.java
//SOURCES Reading.java
//SOURCES ReadingEncoder.java
//SOURCES ReadingJson.java

/**
 * A reading as bytes, for gRPC, and as JSON, for HTTP and files.
 */
package telemetry.wire;
