"""Figures and exports made of history."""
