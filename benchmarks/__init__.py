"""Benchmarks: ratios against the libraries underneath, measured in one run."""
