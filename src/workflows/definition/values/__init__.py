"""Values of fields: from what people type to what is stored, and from there to what expressions compute with."""
