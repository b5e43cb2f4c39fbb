"""YAML documents, read strictly and held against shapes; what is wrong is said with file, line and the nearest valid name."""
