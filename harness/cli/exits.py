"""The exit codes of every command. An error class carries its own; see `harness.errors`."""

PASSED = 0
GATE_FAILED = 1
WRONG_USAGE = 2
INVALID_INPUT = 3
FAILED = 4
"""The model or I/O failed. A defect of the harness ends so too: it is no verdict and no mistake of the user."""
INCONCLUSIVE = 5
"""A gate could not decide, and its policy does not say what that means."""
INTERRUPTED = 130
PIPE_CLOSED = 141
"""Whoever read the output went away (`| head`); what shells report of any program that this happens to."""
