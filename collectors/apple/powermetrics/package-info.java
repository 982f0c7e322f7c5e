//SOURCES ChipPart.java
//SOURCES MacosCollector.java
//SOURCES Powermetrics.java
//SOURCES PowermetricsChild.java
//SOURCES PowermetricsSample.java
//SOURCES PropertyListSplitter.java
//SOURCES UncountedTime.java

/**
 * Macs through macOS's powermetrics: Intel's, and Apple's where IOReport does not do.
 */
package collectors.apple.powermetrics;
