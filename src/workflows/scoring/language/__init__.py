"""The keys of scorecard files, as shapes that a document is held against: `cards`, made of `rules`; `catalogue` and grades."""
