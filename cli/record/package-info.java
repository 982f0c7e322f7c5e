//SOURCES CsvFile.java
//SOURCES JsonLinesFile.java
//SOURCES LineFile.java
//SOURCES ParquetColumn.java
//SOURCES ParquetFile.java
//SOURCES ParquetFooter.java
//SOURCES ParquetGroup.java
//SOURCES Progress.java
//SOURCES RecordCommand.java
//SOURCES RecordFile.java
//SOURCES RecordSource.java
//SOURCES RecordTable.java
//SOURCES RecordedHosts.java
//SOURCES Recording.java
//SOURCES ThriftCompact.java

/**
 * {@code record}: readings into CSV, JSON Lines or Parquet files, or to stdout.
 */
package cli.record;
