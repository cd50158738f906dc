"""An answer's values in the words of the vocabulary, in the terminal's language."""

from collections.abc import Mapping
from typing import Any

from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import STATUS_STYLE
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris


def summary(snapshot: Snapshot, counted: Mapping[str, Any]) -> str:
    """The counts of a report in one line."""
    counts = " · ".join(
        f"{status(snapshot, name)} {counted[name]}" for name in ("full", "partial", "possible", "excluded", "unknown")
    )
    ratio = counted["coveredRatio"]
    covered = "-" if ratio is None else f"{ratio:.0%}"
    total = say(
        f"対象{counted['assessable']}件中、充足・一部充足 {covered}",
        f"of {counted['assessable']}, covered wholly or in part {covered}",
    )
    return f"{counts} ({total})"


def word(snapshot: Snapshot, scheme: str, value: str) -> str:
    """The vocabulary's name of an enum's value."""
    term = snapshot.terms[scheme + value.lower().replace("_", "-")]
    return next(label.text for label in term.labels if label.language == LANGUAGE)


def status(snapshot: Snapshot, value: str) -> str:
    """A coverage status by name, in its colour."""
    return f"[{STATUS_STYLE[value.upper()]}]{word(snapshot, iris.COVERAGE_STATUS, value)}[/]"
