from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.suites.configuration import load_configuration

SECRET = "hunter2"  # noqa: S105 - nobody's
URL = f"postgresql+psycopg://me:{SECRET}@db/runs"


@pytest.fixture(autouse=True)
def _no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_STORE", raising=False)


def configured(folder: Path, text: str = "") -> str:
    (folder / "harness.toml").write_text(text)
    return load_configuration(folder).store


def test_a_path_begins_at_the_folder_of_the_file(tmp_path: Path) -> None:
    assert configured(tmp_path) == str(tmp_path / ".harness" / "runs.sqlite")
    assert configured(tmp_path, '[store]\npath = "kept/x.sqlite"') == str(tmp_path / "kept" / "x.sqlite")
    assert configured(tmp_path, '[store]\npath = "/kept/x.sqlite"') == "/kept/x.sqlite"


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for value, store in (
        (URL, URL),
        ("x.sqlite", str(here / "x.sqlite")),
        ("/kept/x.sqlite", "/kept/x.sqlite"),
        ("", str(tmp_path / "kept.sqlite")),
    ):
        monkeypatch.setenv("HARNESS_STORE", value)
        assert configured(tmp_path, '[store]\npath = "kept.sqlite"') == store


@pytest.mark.parametrize("key", ["path", "url"])
def test_a_password_does_not_belong_in_a_file(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("", URL):
        monkeypatch.setenv("HARNESS_STORE", variable)
        with pytest.raises(ConfigError, match=r"harness\.toml:3: .*url|harness\.toml:3: .*URL") as caught:
            configured(tmp_path, f'# runs\n[store]\n{key} = "{URL}"')
        assert "HARNESS_STORE" in caught.value.hint
        assert SECRET not in str(caught.value)


def test_other_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='unknown key "paht"'):
        configured(tmp_path, '[store]\npaht = "x"')
