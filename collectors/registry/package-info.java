//SOURCES CollectorClass.java
//SOURCES CollectorOpening.java
//SOURCES CollectorRegistry.java
//SOURCES CollectorSearch.java
//SOURCES NullCollector.java
//SOURCES SimulatedCollector.java

/**
 * Which collectors there are, in order of preference, and the choice among them; the collectors that need no hardware.
 */
package collectors.registry;
