"""Hold a run to the rules of a policy."""
