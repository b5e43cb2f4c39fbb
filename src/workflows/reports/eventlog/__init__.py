"""History as an event log for programs that mine processes: traces, streamed, as XES or CSV."""
