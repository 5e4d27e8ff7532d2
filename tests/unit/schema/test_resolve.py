from pathlib import Path

import pytest

from harness.errors import SchemaError
from harness.schema.resolve import resolve


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    (tmp_path / "found_models.py").write_text(
        "from pydantic import BaseModel\n"
        "class Invoice(BaseModel):\n    number: str\n    class Line(BaseModel):\n        text: str\n"
        "class Receipt(BaseModel):\n    number: str\n"
        "number = 3\n"
    )
    (tmp_path / "broken_models.py").write_text("raise RuntimeError('no luck')\n")
    (tmp_path / "leaving_models.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "unparsable_models.py").write_text("def (\n")
    (tmp_path / "importing_models.py").write_text("import nowhere_to_be_found\n")
    return tmp_path


def test_a_model_of_an_installed_module() -> None:
    assert resolve("schemas.labour_export:ArticleFacts").__name__ == "ArticleFacts"


def test_a_model_of_a_folder(folder: Path) -> None:
    assert resolve("found_models:Invoice", str(folder)).__name__ == "Invoice"
    assert resolve("found_models:Invoice.Line", str(folder)).__name__ == "Line"


@pytest.mark.parametrize("target", ["", ":", "module", "module:", ":Model", "module.Model"])
def test_another_form_is_refused(target: str) -> None:
    with pytest.raises(SchemaError, match="module:Model"):
        resolve(target)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no_such_module:Model", "no module 'no_such_module'"),
        ("schemas.no_such:Model", "no module 'schemas.no_such'"),
        ("importing_models:Model", "nowhere_to_be_found"),
        ("broken_models:Model", "RuntimeError: no luck"),
        ("leaving_models:Model", "SystemExit: 3"),
        ("unparsable_models:Model", "SyntaxError"),
        ("found_models:Invoise", "Invoice"),
        ("found_models:number", "no Pydantic model"),
        ("found_models:Invoice.number", "Invoice.number"),
        ("found_models:Invoice.Row", "Invoice.Row"),
        ("os:path", "no Pydantic model"),
        (".relative:Model", ""),
        ("..:Model", ""),
    ],
)
def test_what_is_wrong_is_said(folder: Path, target: str, said: str) -> None:
    with pytest.raises(SchemaError) as caught:
        resolve(target, str(folder))
    assert said in str(caught.value)
    assert caught.value.exit_code == 3


def test_what_a_module_prints_on_import_stays_off_standard_output(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "printing_models.py").write_text(
        "print('hello')\nfrom pydantic import BaseModel\nclass M(BaseModel):\n    a: str\n"
    )
    assert resolve("printing_models:M", str(folder)).__name__ == "M"
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hello\n")
