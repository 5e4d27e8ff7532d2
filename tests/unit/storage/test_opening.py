from __future__ import annotations

import subprocess
import sys


def test_importing_the_package_imports_no_database_library() -> None:
    # sqlite3 is not looked for: coverage imports it.
    code = "import sys, harness.storage; print({'sqlalchemy', 'psycopg'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "set()"
