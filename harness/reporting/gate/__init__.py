"""A gate's decision for people, programs and CI servers."""
