"""Servers that tests ask: an OpenAI-compatible one that misbehaves by plan."""
