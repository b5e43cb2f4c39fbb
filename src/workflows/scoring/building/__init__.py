"""From checked documents to values: what the shapes cannot say is looked at here, each misfit with its place."""
