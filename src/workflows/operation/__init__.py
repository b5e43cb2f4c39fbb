"""Running an installation: start and watch its processes, look after its database, say what is wrong with it."""
