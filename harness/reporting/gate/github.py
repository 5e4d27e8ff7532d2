"""A gate's decision for GitHub Actions: the summary of a step, and annotations on lines of files."""

# No `from __future__ import annotations`: a function here has that name.
from collections.abc import Iterator
from pathlib import Path

from harness.records import GateDecision, LeafFlip, RuleResult, Verdict
from harness.reporting.gate.markdown import bounded_markdown
from harness.reporting.gate.wording import counts_as, flip_text, flips_of, headline, why
from harness.reporting.visible import visible

SUMMARY_LIMIT = 1_000_000
"""Bytes. GitHub drops the summary of a step that has more than 1,024 KiB."""
MOST_SUMMARY_FLIPS = 1_000
MOST_ANNOTATIONS = 10
"""GitHub shows the first ten errors, ten warnings and ten notices of a step."""


def step_summary(decision: GateDecision) -> str:
    """The decision as Markdown for the file that `GITHUB_STEP_SUMMARY` names; it holds more than a comment."""
    return bounded_markdown(decision, SUMMARY_LIMIT, MOST_SUMMARY_FLIPS)


def annotations(decision: GateDecision, root: Path | None = None) -> tuple[str, ...]:
    """Workflow commands for standard output, one a line.

    Rules that fail come first, on the line of the policy, then the leaves that were lost, on the line of the
    label file, those of the worst document first: GitHub shows ten of a kind, and the last says how many more
    there are. Rules are errors when they stop the release, and warnings when they are not settled. Lost leaves
    are errors when the release is stopped, and warnings when it is not.

    Args:
        decision: The decision.
        root: The repository's folder, to which files are relative; the nearest one around the current folder
            that holds `.git` when `None`.
    """
    root = _repository() if root is None else root
    told = [*_rules(decision, root), *_leaves(decision, root)]
    kept: list[str] = []
    left = 0
    for kind in ("error", "warning"):
        group = [one for one in told if one.startswith(f"::{kind} ")]
        kept += group[:MOST_ANNOTATIONS]
        left += len(group[MOST_ANNOTATIONS:])
    if left:
        kept.append(_command("notice", f"{left} more are in the summary", title=headline(decision)))
    return tuple(kept)


def _rules(decision: GateDecision, root: Path) -> Iterator[str]:
    for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE):
        for one in decision.rules:
            if one.verdict is verdict:
                level = "error" if counts_as(decision, one) is Verdict.FAIL else "warning"
                yield _rule(one, level, root)


def _rule(result: RuleResult, level: str, root: Path) -> str:
    file, _, line = result.where.rpartition(":")
    if not line.isdecimal():
        file, line = result.where, ""
    title = f"{result.verdict}: {visible(result.rule)}"
    return _command(level, why(result), file=_relative(file, root), line=line, title=title)


def _leaves(decision: GateDecision, root: Path) -> Iterator[str]:
    lost = [one for one in flips_of(decision) if not one.better and one.label]
    level = "error" if decision.counts_as is Verdict.FAIL else "warning"
    return (_leaf(one, level, root) for one in lost)


def _leaf(flip: LeafFlip, level: str, root: Path) -> str:
    text = flip_text(flip)
    evidence = f'\nEvidence: "{text.evidence}"' if text.evidence else ""
    message = f"Gold {text.gold}, before {text.before}, after {text.after}.{evidence}"
    line = "" if flip.line is None else str(flip.line)
    title = f"lost: {text.document} {text.at}"
    return _command(level, message, file=_relative(flip.label, root), line=line, title=title)


def _command(level: str, message: str, **properties: str) -> str:
    r"""A workflow command; without properties that are empty.

    >>> _command("error", "50%\nof it", file="a,b.yaml", line="3", title="")
    '::error file=a%2Cb.yaml,line=3::50%25%0Aof it'
    """
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{level} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _relative(file: str, root: Path) -> str:
    """A file as GitHub names it; as it is when it lies outside the repository."""
    if not file:
        return ""
    try:
        return Path(file).absolute().relative_to(root.absolute()).as_posix()
    except (ValueError, OSError):
        return file


def _repository() -> Path:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
