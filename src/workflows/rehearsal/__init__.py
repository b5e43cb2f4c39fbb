"""Simulated time and staffing: a year in seconds on the same code."""
