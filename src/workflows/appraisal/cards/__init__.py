"""Scorecards at work: their published versions, and how a case's form is filled from one and frozen."""
