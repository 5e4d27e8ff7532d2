"""Find and read `harness.toml`: the store, the suites, and the systems under test."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import ConfigError, UsageError
from harness.records import Limits, Price
from harness.suites.allowances import limits, prices
from harness.suites.places import nearest_line, place, quoted, shown, suggestion
from harness.suites.reading import reason
from harness.suites.store_address import store_address
from harness.suites.toml_table import Table, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.suites.places import KeyPath
    from harness.verdicts.gate.policy import Policy

FILE_NAME = "harness.toml"


@dataclass(frozen=True, slots=True)
class SuiteConfig:
    """One `[suites.NAME]` table.

    Attributes:
        name: The table's name.
        schema: The target model, `"package.module:Model"`; not resolved yet.
        documents: The folder of documents.
        gold: The folder of label files.
        prompt: The prompt file; `None` when the suite names none.
        systems: The systems that are asked when none is chosen; `None` for all of the file.
        gate: What a release has to hold; `None` when the suite has no `[suites.NAME.gate]`.
    """

    name: str
    schema: str
    documents: Path
    gold: Path
    prompt: Path | None = None
    systems: tuple[str, ...] | None = None
    gate: Policy | None = None


@dataclass(frozen=True, slots=True)
class SystemConfig:
    """One `[systems.NAME]` table.

    Attributes:
        name: The table's name.
        kind: What makes the system.
        parameters: Whatever stands beside `kind` and `limits`, not looked at yet.
        limits: How hard and how long it may be asked.
        where: The place in the file, as errors name it; empty for a system that is not from a file.
    """

    name: str
    kind: str
    parameters: Mapping[str, Any]
    limits: Limits = field(default_factory=Limits)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a `harness.toml` says, with every path made absolute.

    Attributes:
        root: The folder of the file; relative paths in it start here.
        path: The file.
        store: What keeps the runs: the path of a file, or the URL of a database, which may hold a password.
        suites: Name to suite, in the file's order.
        systems: Name to system, in the file's order.
        prices: What models cost, by `provider/model`, where the user knows better than the price list.
        lines: Where each key stands; see `where`.
    """

    root: Path
    path: Path
    store: str
    suites: Mapping[str, SuiteConfig]
    systems: Mapping[str, SystemConfig]
    prices: Mapping[str, Price]
    lines: Mapping[KeyPath, int] = field(repr=False)

    def suite(self, name: str | None = None) -> SuiteConfig:
        """The suite of that name, or the only one there is.

        Raises:
            ConfigError: When the file defines no suite.
            UsageError: When there is no such suite, or no name is given and there are several.
        """
        if name is None and len(self.suites) == 1:
            return next(iter(self.suites.values()))
        self._refuse_none("suites", "suite")
        if name is None:
            raise UsageError(
                f"{len(self.suites)} suites are defined and none was chosen",
                where=shown(self.path),
                hint=f"choose one of: {', '.join(self.suites)}",
            )
        if name not in self.suites:
            raise UsageError(
                f"there is no suite {quoted(name)}",
                where=shown(self.path),
                hint=suggestion(name, self.suites),
            )
        return self.suites[name]

    def system(self, name: str) -> SystemConfig:
        """The system of that name.

        Raises:
            ConfigError: When the file defines no system.
            UsageError: When there is no such system.
        """
        self._refuse_none("systems", "system")
        if name not in self.systems:
            raise UsageError(
                f"there is no system {quoted(name)}",
                where=shown(self.path),
                hint=suggestion(name, self.systems),
            )
        return self.systems[name]

    def where(self, *keys: str) -> str:
        """`harness.toml:12`, the line that sets a key: `where("systems", "noisy", "drop")`.

        An unknown key has the line of the nearest table around it.
        """
        return place(self.path, nearest_line(self.lines, keys))

    def _refuse_none(self, section: str, noun: str) -> None:
        if not getattr(self, section):
            raise ConfigError(
                f"no {noun} is defined", where=shown(self.path), hint=f"add a [{section}.NAME] table"
            )


def find_configuration(start: Path | None = None) -> Path:
    """The nearest `harness.toml`: in a folder or its parents, up to a repository's root or the file system's.

    Args:
        start: The folder to begin with; the current one when `None`.

    Raises:
        ConfigError: When there is none.
    """
    try:
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents):
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
            if (folder / ".git").exists():
                break
    except OSError as failure:
        seen = f"the folders above cannot be searched for {FILE_NAME}: {reason(failure)}"
        raise ConfigError(
            seen, where=str(start or "."), hint="change to another folder, or name the file"
        ) from None
    raise ConfigError(
        f"there is no {FILE_NAME} here or in the folders above",
        where=str(start),
        hint="run `harness init` to begin, or name the file",
    )


def load_configuration(path: Path | None = None) -> Configuration:
    """Read a configuration file.

    Args:
        path: The file, or its folder; searched for as `find_configuration` does when `None`.

    Raises:
        ConfigError: When the file is missing, is not TOML, has an unknown key, lacks one, or gives one the
            wrong type. Names the file and, wherever it can be found, the line.
    """
    path = find_configuration() if path is None else path.absolute()
    path = path / FILE_NAME if path.is_dir() else path
    top = read_toml(path)
    top.refuse_unknown(("store", "suites", "systems", "prices"))
    return Configuration(
        root=path.parent,
        path=path,
        store=store_address(top.table("store")),
        suites={suite.keys[-1]: _suite(suite) for suite in top.table("suites").named_tables()},
        systems={system.keys[-1]: _system(system) for system in top.table("systems").named_tables()},
        prices=prices(top.table("prices")),
        lines=top.lines,
    )


def _suite(table: Table) -> SuiteConfig:
    table.refuse_unknown(("schema", "documents", "gold", "prompt", "systems", "gate"))
    root = table.path.parent
    prompt = table.text("prompt") if "prompt" in table.values else None
    return SuiteConfig(
        name=table.keys[-1],
        schema=table.text("schema"),
        documents=root / table.text("documents"),
        gold=root / table.text("gold"),
        prompt=None if prompt is None else root / prompt,
        systems=table.texts("systems"),
        gate=_gate(table),
    )


def _gate(table: Table) -> Policy | None:
    if "gate" not in table.values:
        return None
    from harness.suites.gate_table import gate_policy  # on use: it loads all that compares and decides

    return gate_policy(table.table("gate"))


def _system(table: Table) -> SystemConfig:
    parameters = {key: value for key, value in table.values.items() if key not in ("kind", "limits")}
    return SystemConfig(
        name=table.keys[-1],
        kind=table.text("kind"),
        parameters=parameters,
        limits=limits(table.table("limits")),
        where=table.place(),
    )
