//SOURCES ChipPart.java
//SOURCES MacosCollector.java
//SOURCES Powermetrics.java
//SOURCES PowermetricsChild.java
//SOURCES PowermetricsSample.java
//SOURCES PropertyListSplitter.java
//SOURCES UncountedTime.java

/**
 * Apple's machines, through macOS's powermetrics.
 */
package collectors.apple;
