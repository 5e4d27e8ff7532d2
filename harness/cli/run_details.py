"""One stored run with all that there is about it, for a person and for a program."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.cli.run_records import Listed, cost_in_words, listed_as_json, spending_as_json
from harness.records import FailureKind
from harness.reporting import Column, Holds, Table
from harness.reporting.figures import number_of, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.storage import Spending, Store


@dataclass(frozen=True, slots=True)
class RunDetails:
    """Everything about a run but its answers.

    Attributes:
        listed: The run, and what it was last scored by.
        answered: How many documents and trials have a response.
        failures: How often the newest response of each failed, by kind, most often first.
        spending: What its calls came to.
    """

    listed: Listed
    answered: int
    failures: Mapping[FailureKind, int]
    spending: Spending

    @property
    def planned(self) -> int:
        """How many responses it is to have."""
        return self.listed.run.documents * self.listed.run.trials


def read_details(store: Store, reference: str) -> RunDetails:
    """What a store has about a run.

    Raises:
        UsageError: When there is no such run.
        StoreError: When the store cannot be read.
    """
    run = store.run(reference)
    # Whatever was cut off has no answer yet.
    standing = {
        key: failure
        for key, failure in store.standing(run.id).items()
        if failure is not FailureKind.INTERRUPTED
    }
    failures = Counter(kind for kind in standing.values() if kind is not None)
    return RunDetails(
        Listed(run, store.scored_by(run.id)),
        len(standing),
        dict(sorted(failures.items(), key=lambda item: (-item[1], item[0]))),
        store.spending(run.id),
    )


def run_tables(details: RunDetails) -> list[Table]:
    """What it is, what its numbers depend on, and where things came from."""
    run = details.listed.run
    facts = [
        ("suite", run.suite),
        ("system", run.system),
        *run.identity.items(),
        ("status", str(run.status)),
        ("tags", ", ".join(run.tags) or "none"),
        ("began (UTC)", _moment(run.created)),
        ("ended (UTC)", "not yet" if run.finished is None else _moment(run.finished)),
        ("answered", _progress(details)),
        ("failed", _failures(details.failures)),
        ("calls", f"{details.spending.calls:,}"),
        ("tokens", _tokens(details.spending)),
        ("cost", cost_in_words(details.spending)),
        ("F1", score(run.summary.get("f1"))),
    ]
    if details.listed.since:
        facts.append(("scored since with", details.listed.since))
    return [
        _pairs(f"Run {run.id}", facts),
        _pairs("Signature", run.signature.entries),
        _pairs("Details", run.details.items()),
    ]


def details_as_json(details: RunDetails) -> dict[str, Any]:
    """The same for a program."""
    return {
        "run": listed_as_json(details.listed),
        "planned": details.planned,
        "answered": details.answered,
        "failed": sum(details.failures.values()),
        "failures": {str(kind): count for kind, count in details.failures.items()},
        "spending": spending_as_json(details.spending),
    }


def _pairs(title: str, pairs: Iterable[tuple[str, str]]) -> Table:
    rows = tuple((name, value) for name, value in pairs)
    notes = () if rows else ("Nothing is stored here.",)
    return Table(title, (Column("what", Holds.NAME), Column("value")), rows, notes=notes)


def _moment(text: str) -> str:
    return text[:19].replace("T", " ")


def _progress(details: RunDetails) -> str:
    run = details.listed.run
    extent = f"{number_of(run.documents, 'document')}, {number_of(run.trials, 'trial')} each"
    return f"{details.answered:,} of {details.planned:,} ({extent})"


def _failures(failures: Mapping[FailureKind, int]) -> str:
    if not failures:
        return "none"
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in failures.items())
    return f"{sum(failures.values()):,}: {kinds}"


def _tokens(spending: Spending) -> str:
    asked = f"{spending.input_tokens:,} in"
    if spending.cached_input_tokens:
        asked += f" ({spending.cached_input_tokens:,} of them from the provider's cache)"
    answered = f"{spending.output_tokens:,} out"
    if spending.reasoning_tokens:
        answered += f" ({spending.reasoning_tokens:,} of them reasoning)"
    return f"{asked}, {answered}"
