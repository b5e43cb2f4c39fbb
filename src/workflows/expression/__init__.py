"""The small safe language of guards and formulas: an allow-list over Python's syntax tree, exact numbers only."""
