//SOURCES AccessToken.java
//SOURCES FileText.java
//SOURCES Pem.java
//SOURCES RenewableSslContext.java
//SOURCES SecretFile.java
//SOURCES Security.java
//SOURCES Stamp.java
//SOURCES TlsFiles.java
//SOURCES UnusableFileException.java

/**
 * TLS and access tokens, read again when their files change.
 */
package server.security;
