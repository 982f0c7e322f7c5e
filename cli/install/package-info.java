//SOURCES InstallIpwCommand.java
//SOURCES IpwPackage.java
//SOURCES IpwStart.java
//SOURCES LaunchdList.java
//SOURCES PrepareCommand.java
//SOURCES Quoting.java
//SOURCES ServiceCommand.java
//SOURCES SystemdUnit.java
//SOURCES TrialStart.java

/**
 * {@code install-ipw}, {@code prepare} and {@code service}: the monitor in its place on a machine.
 */
package cli.install;
