"""How often the intervals, the comparison and the gate are wrong, on documents whose truth is known."""
