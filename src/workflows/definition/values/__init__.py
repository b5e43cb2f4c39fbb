"""Values of fields: from what people type to what is stored, and from there to what expressions compute with.

This package re-exports nothing: `values.forms.clean` reads a form, `values.typed.typed` makes stored values computable,
`values.typed.with_formulas` fills computed fields in. (`values.scalars` is imported by the builders; were the rest imported here,
the two would go round in a circle.)
"""
