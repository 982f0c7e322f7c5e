//SOURCES Csv.java
//SOURCES DurationConverter.java
//SOURCES Figures.java
//SOURCES FileProblem.java
//SOURCES FlagEffects.java
//SOURCES Logging.java
//SOURCES OutputCharset.java
//SOURCES Printable.java
//SOURCES SecurityOptions.java
//SOURCES SensorOptions.java
//SOURCES StderrTerminal.java
//SOURCES Suggestion.java
//SOURCES UsageText.java
//SOURCES UserError.java
//SOURCES UtcTime.java
//SOURCES Version.java

/**
 * What the commands share: options, logging, how values and failures are worded.
 */
package cli.options;
