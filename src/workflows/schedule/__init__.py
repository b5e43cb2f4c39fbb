"""The door for the clock: APScheduler rings, tables remember."""
