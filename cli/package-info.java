//SOURCES doctor/package-info.java
//SOURCES install/package-info.java
//SOURCES measure/package-info.java
//SOURCES options/package-info.java
//SOURCES readings/package-info.java
//SOURCES record/package-info.java
//SOURCES watch/package-info.java
//SOURCES BindProblem.java
//SOURCES CommandLines.java
//SOURCES Main.java
//SOURCES MemoryUpkeep.java
//SOURCES ParentWatch.java
//SOURCES ServeCommand.java

/**
 * The command line: {@code Main} and {@code serve}. Each other command has a folder of its own; no command imports
 * another one.
 */
package cli;
