"""The whole language as one table: every key, what may stand there, and what it is for.

`PROCESS` is the shape of a document. The loader checks against it, the editors' JSON Schema is printed from it, and a test
holds `docs/definitions.md` to it.
"""

from workflows.definition.language.process import PROCESS

__all__ = ["PROCESS"]
