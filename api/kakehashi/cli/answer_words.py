"""An answer's values in the words of the vocabulary, in the terminal's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from kakehashi.cli.had import MAX_HOPS
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


def longer_chains(max_hops: int, counted: Mapping[str, Any]) -> Iterator[str]:
    """A hint where longer chains could tell more of what is unknown."""
    if max_hops < MAX_HOPS and counted["unknown"]:
        yield "[dim]" + say(
            f"連鎖は{max_hops}段まで調べました。--max-hops(最大{MAX_HOPS})を増やすと、「不明」のものに候補などが見つかることがあります。",
            f"Chains were followed up to a length of {max_hops}. A higher --max-hops, up to {MAX_HOPS}, may find something for "
            "what is unknown.",
        ) + "[/]"  # fmt: skip


def word(snapshot: Snapshot, scheme: str, value: str) -> str:
    """The vocabulary's name of an enum's value."""
    term = snapshot.terms[scheme + value.lower().replace("_", "-")]
    return next(label.text for label in term.labels if label.language == LANGUAGE)


def status(snapshot: Snapshot, value: str) -> str:
    """A coverage status by name, in its colour."""
    return f"[{STATUS_STYLE[value.upper()]}]{word(snapshot, iris.COVERAGE_STATUS, value)}[/]"
