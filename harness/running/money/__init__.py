"""What calls cost, what they will cost, and when there is no more of it."""
