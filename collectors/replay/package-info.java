//SOURCES file/package-info.java
//SOURCES GpuNames.java
//SOURCES Playback.java
//SOURCES RecordingOverview.java
//SOURCES Replay.java
//SOURCES ReplayCollector.java
//SOURCES ReplayHost.java
//SOURCES ReplayRequest.java
//SOURCES ReplayedDevice.java

/**
 * A recording in place of the sensors: its devices, gaps, problems and joules, as if they were read now.
 */
package collectors.replay;
