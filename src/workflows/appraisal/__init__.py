"""Figures, scorecards and results of the monthly appraisal."""
