"""Fixtures of the plugin's tests."""

from tests.unit.running.conftest import odd_kinds as odd_kinds
