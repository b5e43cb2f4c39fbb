"""Scores in words, Chinese and English: numbers as people write them, formulas with numbers put in, sentences that say what it cost."""
