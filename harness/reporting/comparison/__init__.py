"""Comparisons as tables, Markdown, JSON and pictures."""
