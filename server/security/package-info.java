//SOURCES AccessToken.java
//SOURCES ConnectionCheck.java
//SOURCES FileText.java
//SOURCES Pem.java
//SOURCES RefusalLog.java
//SOURCES RenewableSslContext.java
//SOURCES SecretFile.java
//SOURCES Security.java
//SOURCES Stamp.java
//SOURCES TlsFailure.java
//SOURCES TlsFiles.java
//SOURCES UnusableFileException.java

/**
 * TLS and access tokens, read again when their files change, and the log of those who were refused.
 */
package server.security;
