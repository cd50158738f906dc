"""A comparison of two releases on the terminal."""

from rich.markup import escape

from kakehashi.cli.language import say
from kakehashi.cli.terminal import OUT, table
from kakehashi.crosswalk.algebra import BASE_RELATIONS, EQ, PO, PP, PPI
from kakehashi.snapshot.diff import Change, Diff

SHOWN = 20
SIGNS = {EQ: "=", PP: "⊂", PPI: "⊃", PO: "∩"}
NONE_SIGN = "∅"


def show(found: Diff) -> None:
    """Print the differences: counts of all, and the first of each."""
    changes = (
        (say("出典", "Sources"), found.sources), (say("版", "Editions"), found.editions),
        (say("対応付け集", "Mapping sets"), found.mapping_sets), (say("項目", "Resources"), found.resources),
        (say("記述", "Statements"), found.statements),
    )  # fmt: skip
    headings = ("", say("追加", "Added"), say("削除", "Removed"), say("変更", "Changed"))
    table(headings, [(name, *_numbers(change)) for name, change in changes])
    for name, change in changes[:3]:
        for sign, ids in (("+", change.added), ("-", change.removed), ("~", change.changed)):
            for identifier in ids[:SHOWN]:
                OUT.print(escape(f"{sign} {name}: {identifier}"), soft_wrap=True)
    OUT.print(say(f"関係が変わった対: {len(found.pairs):,}", f"Pairs of which something else is known: {len(found.pairs):,}"))
    for pair in found.pairs[:SHOWN]:
        OUT.print(escape(f"  {pair.a} {_set(pair.before)} → {_set(pair.after)} {pair.b}"), soft_wrap=True)


def _numbers(change: Change) -> tuple[str, str, str]:
    return (f"{len(change.added):,}", f"{len(change.removed):,}", f"{len(change.changed):,}")


def _set(relations: int) -> str:
    return "{" + "".join(SIGNS.get(base, NONE_SIGN) for base in BASE_RELATIONS if relations & base) + "}"
