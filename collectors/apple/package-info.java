//SOURCES MacosCollector.java
//SOURCES Powermetrics.java
//SOURCES PowermetricsChild.java
//SOURCES PowermetricsSample.java
//SOURCES PropertyListSplitter.java

/**
 * Apple's machines, through the powermetrics tool of macOS.
 */
package collectors.apple;
