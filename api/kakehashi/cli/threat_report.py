"""A report on threats on the terminal, as JSON, and as an ATT&CK Navigator layer."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import strawberry
from rich.markup import escape

from kakehashi.cli.answer_words import word
from kakehashi.cli.app import repository_for
from kakehashi.cli.asking import paged
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import ERR, OUT, lines, table
from kakehashi.exports.navigator import SCORE_NAMES, About, attack_edition, navigator_layer
from kakehashi.graphql.context import Context
from kakehashi.graphql.inputs import GivenInput, ViewInput
from kakehashi.graphql.threats import Scope, ThreatQuestion
from kakehashi.records.values import Authority
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.saved import load_current
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NAMED: Final = 2
"""How many things a cell names; the rest are counted."""
WIDE: Final = 100
"""On a terminal narrower than this the categories stand below one another: side by side no name would fit."""
NOTHING: Final = "[dim]–[/]"
SCORE_STYLE: Final = {"significant": "green", "partial": "yellow", "minimal": "red"}
COLUMNS: Final = (("PROTECT",), ("DETECT",), ("RESPOND",), ("MITIGATE", "UNSPECIFIED"))

UNWRITABLE = Text("{file} に書けません: {problem}", "{file} cannot be written: {problem}")
WRITTEN = Text("Navigatorのレイヤーを {file} に書きました。", "The Navigator layer was written to {file}.")
UNLINKED = Text(
    "次のものには、脅威とのつながりの記述がありません: {things}",
    "Nothing is stated that links these to any threat: {things}",
)
NO_COVERAGE = Text(
    "脅威とのつながりは備えの状況を示すもので、要求事項の充足には数えません。つながりがないことは、無防備と確かめたことではありません。",
    "Links to threats show exposure; they never count as coverage of a requirement. What nothing is linked to is not known to be "
    "defenceless.",
)

THREATS: Final = """
query Threats($given: GivenInput, $view: ViewInput, $edition: ID, $tactic: ID, $source: ID, $open: Boolean, $after: String) {
  threats(given: $given, view: $view, edition: $edition, tactic: $tactic, source: $source, open: $open) {
    asOf
    source { title { value } }
    edition { id prefLabel { value } } tactic { id prefLabel { value } } unlinked { id prefLabel { value } }
    summary {
      threats parts protected detected responded otherwise addressed open addressedRatio outOfUse undefined
      scores { category score threats }
    }
    rows(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        threat { id notation prefLabel { value } } lifecycle counted open openCategories
        whole { threat { id prefLabel { value } } } tactics { id prefLabel { value } }
        measures {
          category score authority control { id prefLabel { value } } statement { id source { id title { value } } }
        }
      }
    }
  }
}"""


def answer(home: Home, variables: dict[str, Any], *, navigator: Path | None, as_json: bool) -> None:
    """Print the report as a table or JSON, and write the Navigator layer where one is wanted."""
    snapshot = load_current(home, repository_for(home))
    report = paged(snapshot, THREATS, variables, "threats", "rows")
    if navigator is not None:
        _write(navigator, _layer(snapshot, variables))
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        _show(snapshot, report)


def _layer(snapshot: Snapshot, variables: Mapping[str, Any]) -> bytes:
    """The Navigator layer of the same question."""
    given, view = variables["given"], variables["view"]
    as_of = datetime.fromisoformat(view["asOf"]).date() if view["asOf"] else None
    edition = attack_edition(snapshot, variables["edition"]).id
    question = ThreatQuestion(
        Context(snapshot, (LANGUAGE,)),
        GivenInput(controls=[strawberry.ID(one) for one in given["controls"]], everything=given["everything"]),
        ViewInput(min_authority=Authority[view["minAuthority"]], as_of=as_of),
        Scope(edition=edition, tactic=variables["tactic"], source=variables["source"]),
    )
    about = About(edition=edition, as_of=question.view.as_of, language=LANGUAGE)
    return navigator_layer(snapshot, question.exposures, about)


def _write(file: Path, content: bytes) -> None:
    """The whole file or none."""
    fresh = file.with_name(f"{file.name}.part")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    except OSError as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNWRITABLE(file=file, problem=error)) from error
    finally:
        with suppress(OSError):
            fresh.unlink()
    ERR.print(WRITTEN(file=file).in_language(LANGUAGE), soft_wrap=True)


def _show(snapshot: Snapshot, report: Mapping[str, Any]) -> None:
    rows = report["rows"]["nodes"]
    if rows:
        _table(snapshot, report)
    lines([*_summary(report["summary"]), *_words(snapshot, rows)])
    if report["unlinked"]:
        things = ", ".join(one["id"] for one in report["unlinked"])
        OUT.print(escape(UNLINKED(things=things).in_language(LANGUAGE)), style="yellow")
    OUT.print(NO_COVERAGE.in_language(LANGUAGE), style="dim")


def _table(snapshot: Snapshot, report: Mapping[str, Any]) -> None:
    """A row a threat. Where all are open, what they are used for is of more use than columns of dashes."""
    rows = report["rows"]["nodes"]
    titles = [say("防御", "Protect"), say("検知", "Detect"), say("対処", "Respond"), say("その他", "Other")]
    listed = frozenset(row["threat"]["id"] for row in rows)
    names = [_threat(snapshot, row, listed, short=bool(report["edition"] or report["tactic"])) for row in rows]
    if all(row["open"] for row in rows):
        tactics = ["\n".join(escape(_name(one)) for one in row["tactics"]) for row in rows]
        cells, titles = [[one] for one in tactics], [say("戦術", "Tactics")]
    else:
        columns = COLUMNS if any(_of(row, COLUMNS[-1]) for row in rows) else COLUMNS[:-1]
        cells = [[_cell(_of(row, column)) for column in columns] for row in rows]
        if OUT.width < WIDE:
            cells, titles = [[_stacked(titles, row)] for row in cells], [say("備え", "Given")]
    headings = (say("脅威", "Threat"), *titles[: len(cells[0])])
    table(headings, [(name, *cell) for name, cell in zip(names, cells, strict=True)], title=_title(report))


def _title(report: Mapping[str, Any]) -> str:
    scopes = [_name(report[key]) for key in ("edition", "tactic") if report[key]]
    scopes += [report["source"]["title"]["value"]] if report["source"] else []
    return escape(f"{' · '.join(scopes) or say('すべての脅威', 'All threats')} ({report['asOf']})")


def _threat(snapshot: Snapshot, row: Mapping[str, Any], listed: frozenset[str], *, short: bool) -> str:
    """The threat's number or id and its name; the technique that it is one of, where that is not listed; what became of it."""
    threat, whole = row["threat"], row["whole"]
    apart = whole is not None and whole["threat"]["id"] not in listed
    name = f"{_name(whole['threat'])}: {_name(threat)}" if apart else _name(threat)
    number = threat["notation"] if short else None
    lines = [f"[dim]{escape(number)}[/] {escape(name)}" if number else f"{escape(name)}\n[dim]{escape(threat['id'])}[/]"]
    if row["lifecycle"]:
        lines.append(f"[red]{escape(word(snapshot, iris.LIFECYCLE, row['lifecycle']))}[/]")
    elif not row["counted"]:
        lines.append(f"[red]{say('定義がない', 'defined nowhere')}[/]")
    return "\n".join(lines)


def _of(row: Mapping[str, Any], categories: Sequence[str]) -> list[Any]:
    return [one for one in row["measures"] if one["category"] in categories]


def _stacked(titles: Sequence[str], cells: Sequence[str]) -> str:
    """The cells of a row below one another, each with its title; those with a dash are left out, if not all have one."""
    told = [f"[bold]{title}[/]: {cell}" for title, cell in zip(titles, cells, strict=False) if cell != NOTHING]
    return "\n".join(told) or NOTHING


def _cell(measures: Sequence[Mapping[str, Any]]) -> str:
    """The best things with their best scores, and how many more there are; a dash where nothing is given."""
    if not measures:
        return NOTHING
    best: dict[str, str] = {}
    for one in measures:
        best.setdefault(one["control"]["id"], f"{_score(one['score'])}{escape(_name(one['control']))}")
    more = len(best) - NAMED
    return "\n".join([*list(best.values())[:NAMED], *([say(f"ほか{more}件", f"{more} more")] if more > 0 else [])])


def _score(score: str | None) -> str:
    """A score in front of what has it: the known ones in the reader's language and a colour, others as published."""
    if score is None:
        return ""
    known = SCORE_NAMES.get(score.casefold())
    word = known.in_language(LANGUAGE) if known else score
    return f"[{SCORE_STYLE.get(score.casefold(), 'default')}]{escape(word)}[/] "


def _summary(summary: Mapping[str, Any]) -> Iterator[str]:
    parts = (
        say(f"(うち下位の手法 {summary['parts']}件)", f" ({summary['parts']} of them sub-techniques)") if summary["parts"] else ""
    )
    ratio = "-" if summary["addressedRatio"] is None else f"{summary['addressedRatio']:.0%}"
    yield say(
        f"脅威 {summary['threats']}件{parts}中、備えあり {summary['addressed']}件({ratio})、備えなし {summary['open']}件",
        f"Of {summary['threats']} threats{parts}, addressed {summary['addressed']} ({ratio}), open {summary['open']}",
    )
    for name, key, category in (
        (say("防御", "Protect"), "protected", "PROTECT"),
        (say("検知", "Detect"), "detected", "DETECT"),
        (say("対処", "Respond"), "responded", "RESPOND"),
    ):
        scores = [f"{_score(one['score'])}{one['threats']}" for one in _scored(summary) if one["category"] == category]
        best = f" ({say('最良の評価', 'best scores')}: {' · '.join(scores)})" if scores else ""
        yield f"  {name} {summary[key]}{best}"
    if summary["otherwise"]:
        yield f"  {say('その他', 'Other')} {summary['otherwise']}"
    if summary["outOfUse"] or summary["undefined"]:
        yield say(
            f"  数えないもの: 廃止 {summary['outOfUse']}件、定義なし {summary['undefined']}件",
            f"  Not counted: out of use {summary['outOfUse']}, defined nowhere {summary['undefined']}",
        )


def _scored(summary: Mapping[str, Any]) -> list[Any]:
    """The counts of what carries a score."""
    return [one for one in summary["scores"] if one["score"] is not None]


def _words(snapshot: Snapshot, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """On whose word the rows stand: the sources, with how many statements each gives."""
    found = {
        one["statement"]["id"]: (one["statement"]["source"]["title"]["value"], one["authority"])
        for row in rows
        for one in row["measures"]
    }
    for (title, authority), count in sorted(Counter(found.values()).items()):
        whose = word(snapshot, iris.AUTHORITY, authority)
        yield escape(say(f"  根拠: {title} [{whose}] 記述 {count}件", f"  On the word of: {title} [{whose}], {count} statements"))


def _name(resource: Mapping[str, Any]) -> str:
    label = resource["prefLabel"]
    return str(label["value"] if label else resource["id"].rpartition("/")[2])
