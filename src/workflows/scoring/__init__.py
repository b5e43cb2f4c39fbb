"""Pure arithmetic of scores: indicators, weights, grades."""
