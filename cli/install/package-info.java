//SOURCES CompletionCommand.java
//SOURCES FishCompletion.java
//SOURCES InstallIpwCommand.java
//SOURCES IpwPackage.java
//SOURCES IpwStart.java
//SOURCES JavaStart.java
//SOURCES LaunchdList.java
//SOURCES PrepareCommand.java
//SOURCES Quoting.java
//SOURCES ServiceCommand.java
//SOURCES StartArchive.java
//SOURCES SystemdUnit.java
//SOURCES TrialStart.java

/**
 * {@code install-ipw}, {@code prepare}, {@code service} and {@code completion}: the monitor installed on a machine.
 */
package cli.install;
