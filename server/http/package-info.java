//SOURCES EventStream.java
//SOURCES History.java
//SOURCES HttpConnection.java
//SOURCES HttpEndpoint.java
//SOURCES HttpFiles.java
//SOURCES HttpGuard.java
//SOURCES HttpRequests.java
//SOURCES HttpResponses.java
//SOURCES Metrics.java
//SOURCES Scrape.java

/**
 * HTTP on {@code --http-port}: readings as server-sent events, Prometheus metrics, and the page for a browser.
 */
package server.http;
