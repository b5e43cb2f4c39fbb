"""Simulated time: a whole department at work on the real engine and a rehearsed clock."""
