"""From a checked document to the frozen values of `definition.model`.

Shapes are known to be right when these functions run; what they add is meaning: names that must exist, expressions and
moments that must be readable, sensible combinations. Everything wrong goes to `Problems`, and building goes on.
"""
