//SOURCES ChildCommand.java
//SOURCES Leftovers.java
//SOURCES ProcessEnd.java
//SOURCES ProgramSearch.java
//SOURCES Signals.java

/**
 * The command that is measured, as a process: how it is found and started, its signals, what it leaves behind.
 */
package cli.measure.process;
