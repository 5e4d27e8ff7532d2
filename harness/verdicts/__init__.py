"""Compare two runs, and gate a release. Pure."""
