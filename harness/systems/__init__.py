"""Who is under test. `registry.build` makes a system of its specification; `base` says what a system is.

Importing this package loads no SDK: a kind's module is imported when a system of that kind is built.
"""

from __future__ import annotations

from harness.systems.base import System, SystemSpec, Task
from harness.systems.registry import build, kinds, prompted

__all__ = ["System", "SystemSpec", "Task", "build", "kinds", "prompted"]
