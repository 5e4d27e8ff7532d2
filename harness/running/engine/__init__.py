"""One run: look up, ask, store, score; in turn, in time, and stopped in good order."""
