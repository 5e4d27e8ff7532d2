"""Compare runs by what their documents add up to."""
