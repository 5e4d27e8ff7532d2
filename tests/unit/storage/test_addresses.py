from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import StoreError
from harness.storage import open_store, store_exists, store_name, without_password

SECRET = "h/u:n?t#e%40r@2"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql+psycopg://me:pw@db:5432/runs", "postgresql+psycopg://me@db:5432/runs"),
        ("postgresql://db/runs?password=pw&sslmode=require", "postgresql://db/runs"),
        ("postgresql://me@/runs?host=/tmp/socket", "postgresql://me@/runs"),
        ("postgresql://:pw@db", "postgresql://@db"),
        (f"postgresql://me:{SECRET}@db/runs", "postgresql://me@db/runs"),
        (f"nonsense://{SECRET}@", "nonsense://h/u@"),
    ],
)
def test_a_url_is_shown_without_its_password(address: str, name: str) -> None:
    assert store_name(address) == name
    assert without_password(address) == name


def test_a_path_is_shown_relative_where_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / ".harness" / "runs.sqlite")
    assert store_name(path) == str(Path(".harness") / "runs.sqlite")
    assert without_password(path) == path
    assert store_name("/elsewhere/runs.sqlite") == "/elsewhere/runs.sqlite"


def test_a_file_is_looked_for_and_a_database_is_not(tmp_path: Path) -> None:
    assert store_exists("postgresql://nowhere.invalid/runs")
    assert not store_exists(tmp_path / ".harness" / "runs.sqlite")
    (tmp_path / "runs.sqlite").touch()
    assert store_exists(str(tmp_path / "runs.sqlite"))


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / ".harness").touch()
    with pytest.raises(StoreError, match=r"\.harness is a file, not a folder\n  move it away"):
        store_exists(tmp_path / ".harness" / "runs.sqlite")


@pytest.mark.parametrize("scheme", ["mysql", "sqlite", "postgresql+asyncpg"])
def test_other_databases_are_refused_without_the_password(scheme: str) -> None:
    with pytest.raises(StoreError, match="a store cannot be kept at") as caught:
        open_store(f"{scheme}://me:hunter2@db/runs")
    assert "hunter2" not in str(caught.value)
