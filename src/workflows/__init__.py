"""Approvals, recurring reports and monthly appraisals: each submitted action is one transaction with one line of history."""
