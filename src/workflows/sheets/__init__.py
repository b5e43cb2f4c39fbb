"""Tables that come from outside as CSV or XLSX, guarded: texts in rows and columns, nothing understood yet."""
