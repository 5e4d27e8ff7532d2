"""Answers in a file: written while a run asks, and read in the place of asking."""
