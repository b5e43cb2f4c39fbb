"""What the pages read: frozen values, few statements, nothing written."""
