"""Bring an organisation in from CSV and XLSX: read, check everything, show what would change, then change it all or nothing."""
