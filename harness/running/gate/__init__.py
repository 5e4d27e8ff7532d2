"""A run put to the policy of its suite, and the baseline that it is held to."""
