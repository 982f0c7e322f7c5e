//SOURCES CsvReader.java
//SOURCES Json.java
//SOURCES JsonLinesReader.java
//SOURCES ParquetCells.java
//SOURCES ParquetMetadata.java
//SOURCES ParquetReader.java
//SOURCES RecordedDevice.java
//SOURCES RecordedHost.java
//SOURCES RecordedReading.java
//SOURCES RecordingReader.java
//SOURCES TableReader.java
//SOURCES TextInput.java
//SOURCES ThriftReader.java

/**
 * The recordings that {@code record} writes, read again: JSON Lines, CSV and Parquet, whole or cut, in bounded memory.
 */
package collectors.replay.file;
