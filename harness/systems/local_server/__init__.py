"""A model on this machine: a GGUF file, served on loopback by llama.cpp for as long as a run asks it.

`gguf.py` is the kind of system, `weights.py` finds the file, `process.py` starts and stops the server, and
`serve.py` is the program that the server's process runs.
"""
