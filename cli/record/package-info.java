//SOURCES CsvFile.java
//SOURCES JsonLinesFile.java
//SOURCES LineFile.java
//SOURCES ParquetColumn.java
//SOURCES ParquetFile.java
//SOURCES ParquetFooter.java
//SOURCES ParquetGroup.java
//SOURCES Progress.java
//SOURCES RecordCommand.java
//SOURCES RecordFailure.java
//SOURCES RecordFile.java
//SOURCES RecordTable.java
//SOURCES Recording.java
//SOURCES ThriftCompact.java

/**
 * {@code record}: readings into CSV, JSON Lines or Parquet files.
 */
package cli.record;
