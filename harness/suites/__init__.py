"""What is evaluated: `harness.toml`, documents, gold labels, prompts, and predictions made elsewhere.

Everything here reads files that a user wrote and refuses, with file and line, what it cannot use.
"""
