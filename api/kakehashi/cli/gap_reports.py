"""Gaps, and what closes most of them, as tables or JSON."""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.markup import escape

from kakehashi.cli import in_place_column
from kakehashi.cli.answer_words import longer_chains, status, summary, word
from kakehashi.cli.app import repository_for
from kakehashi.cli.asking import paged, print_notices
from kakehashi.cli.language import say
from kakehashi.cli.private_rows import owned
from kakehashi.cli.terminal import lines, table
from kakehashi.crosswalk.gaps import GapType
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING
from kakehashi.snapshot.saved import load_current
from kakehashi.vocabulary import iris

NAMED: Final = 3

GAPS: Final = """
query Gaps(
  $edition: ID!, $given: GivenInput, $view: ViewInput, $maxHops: Int!, $assessed: AssessedInput, $after: String
) {
  coverage(edition: $edition, given: $given, view: $view, maxHops: $maxHops, assessed: $assessed) {
    ...InPlaceCounts
    asOf edition { prefLabel { value } }
    notices { type explanation { value } about { id } since }
    summary { assessable full partial possible excluded unknown fullRatio coveredRatio }
    requirements(filter: {status: {in: [PARTIAL, POSSIBLE, EXCLUDED, UNKNOWN]}}, first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        ...InPlaceOf
        requirement { id prefLabel { value } } status
        gaps { type explanation { value } about { id } closedBy { id } closedTogetherBy { id } }
      }
    }
  }
}"""

CLOSING: Final = """
query Closing(
  $edition: ID!, $given: GivenInput, $budget: Int!, $costs: [CostInput!], $view: ViewInput, $maxHops: Int!, $after: String
) {
  closeGaps(edition: $edition, given: $given, budget: $budget, costs: $costs, view: $view, maxHops: $maxHops) {
    asOf edition { id prefLabel { value } }
    before { notices { type explanation { value } about { id } since } summary { ...Counts } }
    budget spent newlyFull newlyPartial exact unproved atMostFull atMostPartial candidates
    steps { ...Step }
    further { ...Step }
    withOneMore { additions { id prefLabel { value } } newlyFull newlyPartial exact }
    unpriced(first: 0) { totalCount }
    outOfReach(first: 0) { totalCount }
    after { summary { ...Counts } }
    raised(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { requirement { id prefLabel { value } } status }
    }
  }
}
fragment Step on ClosingStep {
  addition { id kindLabel { value } prefLabel { value } } certificate cost newlyFull newlyPartial
  raises(first: 3) { totalCount nodes { requirement { id notation } status } }
}
fragment Counts on CoverageSummary { assessable full partial possible excluded unknown fullRatio coveredRatio }
"""


def gaps(home: Home, variables: dict[str, Any], types: Collection[GapType], *, as_json: bool) -> None:
    """Print what is left of an edition: the requirements whose primary gap is of some types."""
    snapshot = load_current(home, repository_for(home))
    private = owned(home) if variables.get("assessed") else NOTHING
    report = paged(snapshot, GAPS + in_place_column.FIELDS, variables, "coverage", "requirements", private)
    nodes = report["requirements"]["nodes"]
    wanted = {one.name for one in types}
    report["requirements"]["nodes"] = shown = [node for node in nodes if node["gaps"][0]["type"] in wanted]
    if as_json:
        _print_json(report)
        return
    headings = [say("要求事項", "Requirement"), say("状態", "Status"), say("不足", "Gap")]
    rows = [[*_gap_row(snapshot, node)] for node in shown]
    if report["assessed"] is not None:
        headings.append(in_place_column.heading())
        rows = [[*row, in_place_column.cell(snapshot, node)] for row, node in zip(rows, shown, strict=True)]
    if shown:
        table(headings, rows, title=_title(report))
    print_notices(snapshot, report)
    lines([*_by_type(snapshot, report["summary"]["assessable"], nodes, len(shown)), summary(snapshot, report["summary"])])
    if report["assessed"] is not None:
        lines([in_place_column.counts(snapshot, report)])
    lines(longer_chains(variables["maxHops"], report["summary"]))


def close_gaps(home: Home, variables: dict[str, Any], *, as_json: bool) -> None:
    """Print the additions that close most gaps."""
    snapshot = load_current(home, repository_for(home))
    answer = paged(snapshot, CLOSING, variables, "closeGaps", "raised")
    if as_json:
        _print_json(answer)
        return
    if answer["steps"]:
        priced = variables["costs"] is not None
        rows = [_step_row(place, one, priced=priced) for place, one in enumerate(answer["steps"], 1)]
        table(_step_headings(snapshot, priced=priced), rows, _title(answer))
    print_notices(snapshot, answer["before"])
    lines([*_told(snapshot, answer), *longer_chains(variables["maxHops"], answer["before"]["summary"])])


def _print_json(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


def _title(report: Mapping[str, Any]) -> str:
    return escape(f"{report['edition']['prefLabel']['value']} ({report['asOf']})")


def _gap_row(snapshot: Snapshot, node: Mapping[str, Any]) -> tuple[str, str, str]:
    requirement, first = node["requirement"], node["gaps"][0]
    others = [word(snapshot, iris.GAP_TYPE, gap["type"]) for gap in node["gaps"][1:]]
    told = [f"[bold]{escape(word(snapshot, iris.GAP_TYPE, first['type']))}[/]", escape(first["explanation"]["value"])]
    if others:
        told.append("[dim]" + escape(say("ほかの理由: ", "also: ") + say("、", ", ").join(others)) + "[/]")
    name = escape(f"{requirement['prefLabel']['value']}\n{requirement['id']}")
    return name, status(snapshot, node["status"]), "\n".join(told)


def _by_type(snapshot: Snapshot, assessable: int, nodes: Sequence[Mapping[str, Any]], shown: int) -> Iterator[str]:
    """How many gaps there are of each type: of all, whatever types were asked for, so that no question hides what is left."""
    if not assessable:
        yield say("判定の対象となる要求事項がありません。", "There is no requirement that could be assessed.")
        return
    if not nodes:
        yield say("不足はありません。", "There are no gaps.")
        return
    rest = len(nodes) - shown
    if rest:
        yield say(
            f"指定した種類を主な理由とする不足は{shown:,}件です。ほかの種類の不足が{rest:,}件あります。",
            f"Gaps primarily of the types asked for: {shown:,}; of other types: {rest:,}.",
        )
    counts = Counter(node["gaps"][0]["type"] for node in nodes)
    words = (f"{word(snapshot, iris.GAP_TYPE, one.name)} {counts[one.name]:,}" for one in GapType if counts[one.name])
    yield escape(" · ".join(words))


def _step_headings(snapshot: Snapshot, *, priced: bool) -> tuple[str, ...]:
    full, partial = (word(snapshot, iris.COVERAGE_STATUS, name) for name in ("FULL", "PARTIAL"))
    costs = [say("費用", "Cost")] if priced else []
    return ("#", say("追加するもの", "Addition"), *costs, f"+{full}", f"+{partial}", say("要求事項", "Requirements"))


def _step_row(place: int, step: Mapping[str, Any], *, priced: bool) -> tuple[str, ...]:
    raises = [one["requirement"]["notation"] or one["requirement"]["id"] for one in step["raises"]["nodes"]]
    rest = step["raises"]["totalCount"] - len(raises)
    if rest:
        raises.append(say(f"ほか{rest}件", f"{rest} more"))
    counts = (f"{step[name]:,}" for name in (*(["cost"] if priced else []), "newlyFull", "newlyPartial"))
    return str(place), escape(_addition(step)), *counts, escape(say("、", ", ").join(raises))


def _addition(step: Mapping[str, Any]) -> str:
    addition = step["addition"]
    kind = say("証明書", "certificate") if step["certificate"] else addition["kindLabel"]["value"]
    return f"{addition['prefLabel']['value']} ({kind})\n{addition['id']}"


def _told(snapshot: Snapshot, answer: Mapping[str, Any]) -> Iterator[str]:
    if not answer["steps"]:
        yield say(
            "満たされる要求事項を増やす追加は、予算内にありません。", "No addition within the budget raises any requirement."
        )
    yield f"{say('いま', 'now')}: {summary(snapshot, answer['before']['summary'])}"
    if answer["steps"]:
        yield f"{say('追加後', 'then')}: {summary(snapshot, answer['after']['summary'])}"
    if answer["steps"] or not answer["exact"]:
        yield _proved(answer)
    yield from _next(answer)
    yield from _left(answer)


def _proved(answer: Mapping[str, Any]) -> str:
    spent = say(
        f"予算 {answer['budget']:,} のうち {answer['spent']:,} を使います。",
        f"{answer['spent']:,} of {answer['budget']:,} spent.",
    )
    if answer["exact"]:
        return spent + say("これが最良であることは証明されています。", " Proved to be the best.")
    full, partial = answer["atMostFull"], answer["atMostPartial"]
    return "[yellow]" + spent + say(
        f"時間内に最良とは証明できませんでした。多くても充足 {full:,}、一部充足 {partial:,} までです。",
        f" Not proved to be the best in the time: at most {full:,} can become full, and {partial:,} partial.",
    ) + "[/]"  # fmt: skip


def _next(answer: Mapping[str, Any]) -> Iterator[str]:
    further, better = answer["further"], answer["withOneMore"]
    if further is not None:
        name, gain = escape(further["addition"]["id"]), _gain(further)
        yield say(f"さらに一つ加えるなら {name}: {gain}", f"One further addition: {name}: {gain}")
    if better is not None and further is not None:
        ids = escape(say("、", ", ").join(one["id"] for one in better["additions"][:NAMED]))
        rest = len(better["additions"]) - NAMED
        more = say(f"、ほか{rest}件", f" and {rest} more") if rest > 0 else ""
        yield say(
            f"予算が一つ多ければ、合わせて{_gain(better)}: {ids}{more}", f"With one more in all {_gain(better)}: {ids}{more}"
        )


def _gain(gained: Mapping[str, Any]) -> str:
    full, partial = gained["newlyFull"], gained["newlyPartial"]
    return say(f"充足 +{full:,}、一部充足 +{partial:,}", f"full +{full:,}, partial +{partial:,}")


def _left(answer: Mapping[str, Any]) -> Iterator[str]:
    out, unpriced = answer["outOfReach"]["totalCount"], answer["unpriced"]["totalCount"]
    if out:
        yield say(
            f"記録されているどれを加えても変わらない要求事項 {out:,}件。", f"Nothing recorded would raise {out:,} requirements."
        )
    if unpriced:
        yield say(f"費用がないため除いた候補 {unpriced:,}件。", f"{unpriced:,} candidates without a cost were left out.")
