"""The local stub without a model.

`transport` answers like an OpenAI-compatible server; `shapes` reads the tool's JSON Schema, `reading` the
document; `words`, `dates`, `quantities` and `names` find values in a sentence; `senses` says what a field is
after, and `extraction` puts it together. All that it knows of a schema stands in the request.
"""
