"""The schemas of the suites in this folder."""
