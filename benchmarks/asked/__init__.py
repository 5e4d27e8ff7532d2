"""What `benchmarks.running` starts: a cheap server, loops that ask it, and a suite to ask about."""
