//SOURCES PowerHistory.java
//SOURCES WatchCommand.java
//SOURCES WatchScreen.java

/**
 * {@code watch}: the readings live in a terminal.
 */
package cli.watch;
