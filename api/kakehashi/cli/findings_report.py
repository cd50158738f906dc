"""Findings on the terminal: how many of each kind with what to do, then each; or all as JSON."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.markup import escape

from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import OUT, table
from kakehashi.crosswalk.algebra import BASE_RELATIONS, EQ, PO, PP, PPI, bases
from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.claims import Disagreement
from kakehashi.crosswalk.findings.inspecting import Inspection
from kakehashi.crosswalk.findings.kinds import ABOUT, KINDS, Finding, FindingKind, FindingSeverity
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import Text

SHOWN: Final = 10
"""So many of each kind, unless all are asked for."""

SEVERITIES: Final = {
    FindingSeverity.ERROR: (Text("エラー", "error"), "red"),
    FindingSeverity.WARNING: (Text("警告", "warning"), "yellow"),
    FindingSeverity.NOTICE: (Text("注意", "notice"), "cyan"),
}
SIGNS: Final = {EQ: "=", PP: "⊂", PPI: "⊃", PO: "∩"}
NO_RELATION: Final = "∅"
WORDS: Final = dict(zip(BASE_RELATIONS, ("equal", "subset-of", "superset-of", "intersects-with", "no-relationship"), strict=True))


def show(inspected: Inspection, found: Sequence[Finding], *, everything: bool) -> None:
    """Print the findings: a table of the kinds with what to do, and one of the findings themselves."""
    if not found:
        OUT.print(say("指摘はありません。", "No findings."))
        return
    counts = Counter(one.kind for one in found)
    kinds = [kind for kind in KINDS if counts[kind]]
    headings = (say("種類", "Kind"), say("深刻度", "Severity"), say("件数", "Count"), say("対処", "What to do"))
    table(headings, [_kind(kind, counts[kind]) for kind in kinds])
    for kind in kinds:
        of_kind = [one for one in found if one.kind is kind]
        shown = of_kind if everything else of_kind[:SHOWN]
        table((ABOUT[kind].title.in_language(LANGUAGE),), [(_finding(inspected, one),) for one in shown])
        if len(shown) < len(of_kind):
            rest = len(of_kind) - len(shown)
            OUT.print(say(f"ほか{rest:,}件(--all ですべて示します)", f"{rest:,} more (--all shows them)"))
    OUT.print(_total(found))


def show_json(snapshot: Snapshot, inspected: Inspection, found: Sequence[Finding]) -> None:
    """Print the findings as JSON."""
    body = {
        "release": snapshot.release.id,
        "maxHops": inspected.hops,
        "counts": {severity: sum(one.severity is severity for one in found) for severity in FindingSeverity},
        "findings": [_as_json(inspected, one) for one in found],
    }
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def _kind(kind: FindingKind, count: int) -> tuple[str, ...]:
    about = ABOUT[kind]
    word, style = SEVERITIES[about.severity]
    return (
        f"{about.title.in_language(LANGUAGE)}\n[dim]{kind}[/]",
        f"[{style}]{word.in_language(LANGUAGE)}[/]",
        f"{count:,}",
        escape(about.remedy.in_language(LANGUAGE)),
    )


def _finding(inspected: Inspection, finding: Finding) -> str:
    lines = [finding.explanation.in_language(LANGUAGE), *map(_chain, inspected.chains(finding))]
    return escape("\n".join(lines))


def _chain(chain: Chain) -> str:
    """The steps of a chain, each with its relation and whose row it is, and what they leave possible together."""
    steps = "".join(f" {_signs(step.relations)} {step.end} ({step.row.origin or step.row.statement})" for step in chain.steps)
    result = f" ⇒ {_signs(chain.relations)}" if len(chain.steps) > 1 else ""
    return f"• {chain.steps[0].start}{steps}{result}"


def _signs(relations: int) -> str:
    found = [SIGNS.get(base, NO_RELATION) for base in bases(relations)]
    return found[0] if len(found) == 1 else "{" + "".join(found) + "}"


def _total(found: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in found)
    return say("、", ", ").join(_counted(severity, counts[severity]) for severity in FindingSeverity if counts[severity])


def _counted(severity: FindingSeverity, count: int) -> str:
    word, style = SEVERITIES[severity]
    return f"[{style}]{word.in_language(LANGUAGE)} {count:,}[/]"


def _as_json(inspected: Inspection, finding: Finding) -> dict[str, Any]:
    about = ABOUT[finding.kind]
    return {
        "id": finding.id,
        "kind": finding.kind,
        "severity": finding.severity,
        "mappingSet": finding.mapping_set,
        "mappingSets": finding.mapping_sets,
        "statements": finding.statements,
        "ends": finding.ends,
        "title": _both(about.title),
        "explanation": _both(finding.explanation),
        "remedy": _both(about.remedy),
        "chains": [{"relations": _words(chain.relations), "steps": list(_steps(chain))} for chain in inspected.chains(finding)],
        "claim": None if finding.claim is None else _claim(finding.claim),
    }


def _claim(found: Disagreement) -> dict[str, Any]:
    return {
        "capability": found.claim.capability, "category": found.claim.category, "statement": found.claim.statement,
        "mapped": {category: list(rows) for category, rows in found.mapped.items()}, "links": found.links,
    }  # fmt: skip


def _steps(chain: Chain) -> Iterator[dict[str, Any]]:
    for step in chain.steps:
        yield {
            "subject": step.start, "object": step.end, "relations": _words(step.relations), "statement": step.row.statement,
            "parentLink": step.row.parent_link, "origin": step.row.origin, "authority": step.row.authority,
        }  # fmt: skip


def _words(relations: int) -> list[str]:
    return [WORDS[base] for base in bases(relations)]


def _both(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
