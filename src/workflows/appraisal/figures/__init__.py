"""Measured numbers of people, units and the company by month: where they come from, who said so, and what they were before."""
