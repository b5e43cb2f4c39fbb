"""Published results: written once, chained by their digests, read by those who may."""
