//SOURCES DeviceColumn.java
//SOURCES DeviceNames.java
//SOURCES DeviceTable.java
//SOURCES Gauge.java
//SOURCES LiveView.java
//SOURCES PowerChart.java
//SOURCES PowerHistory.java
//SOURCES StyledLine.java
//SOURCES Text.java
//SOURCES WatchCommand.java
//SOURCES WatchKeys.java
//SOURCES WatchModel.java
//SOURCES WatchScreen.java

/**
 * {@code watch}: the readings live in a terminal.
 */
package cli.watch;
