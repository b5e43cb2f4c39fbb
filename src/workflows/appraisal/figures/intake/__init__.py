"""Figures from outside, as files or from programs: read, checked cell by cell, shown before they are taken, and taken whole."""
