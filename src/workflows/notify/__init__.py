"""Messages written by the engine become mails and chat messages."""
