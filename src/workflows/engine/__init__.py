"""What is happening: one submitted action, one transaction."""
