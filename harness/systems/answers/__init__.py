"""What came back from a model, written down call by call: text, tokens, limits, failures; never a key."""
