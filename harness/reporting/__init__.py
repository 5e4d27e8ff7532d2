"""What a person or a program is shown: tables for the terminal, plain dicts for JSON.

Functions turn results into a `Table`; `terminal` prints tables. Importing this package imports no rich.
"""

from harness.reporting.agreement import agreement_table
from harness.reporting.errors import error_text
from harness.reporting.facts import fact_table
from harness.reporting.fields import field_comparison, field_table
from harness.reporting.grounding import grounding_table
from harness.reporting.json_results import as_json, json_text, json_value, outcome_as_json
from harness.reporting.leaderboard import Entry, leaderboard
from harness.reporting.outcomes import outcome_table
from harness.reporting.plain import plain_text
from harness.reporting.progress import Progress, run_progress
from harness.reporting.runs import run_table
from harness.reporting.schemas import schema_table
from harness.reporting.spending import dollars, spent
from harness.reporting.tables import Column, Holds, Table
from harness.reporting.terminal import open_console, print_lines, print_table, print_tables

__all__ = [
    "Column",
    "Entry",
    "Holds",
    "Progress",
    "Table",
    "agreement_table",
    "as_json",
    "dollars",
    "error_text",
    "fact_table",
    "field_comparison",
    "field_table",
    "grounding_table",
    "json_text",
    "json_value",
    "leaderboard",
    "open_console",
    "outcome_as_json",
    "outcome_table",
    "plain_text",
    "print_lines",
    "print_table",
    "print_tables",
    "run_progress",
    "run_table",
    "schema_table",
    "spent",
]
