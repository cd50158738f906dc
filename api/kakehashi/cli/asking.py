"""The commands that ask: each is a GraphQL question to the served release, answered in this process."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from rich.markup import escape

from kakehashi.cli import in_place_column
from kakehashi.cli.answer_words import longer_chains, status, summary, word
from kakehashi.cli.app import repository_for
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.private_rows import owned
from kakehashi.cli.terminal import OUT, lines, table
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Answer, Request, execute
from kakehashi.graphql.schema import build_schema
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.private import NOTHING, Private
from kakehashi.snapshot.releases import KeptReleases
from kakehashi.snapshot.saved import load_current
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_QUERY_BYTES: Final = 256 * 1024

UNREADABLE = Text("{file} を読めません: {problem}", "{file} cannot be read: {problem}")
NOT_JSON = Text("--variablesはJSONのオブジェクトでなければなりません。", "--variables must be a JSON object.")
UNKNOWN = Text("「{id}」というIDの項目はありません。", "There is nothing with the id '{id}'.")

COVERAGE: Final = """
query Coverage(
  $edition: ID!, $given: GivenInput, $view: ViewInput, $maxHops: Int!, $assessed: AssessedInput, $after: String
) {
  coverage(edition: $edition, given: $given, view: $view, maxHops: $maxHops, assessed: $assessed) {
    ...InPlaceCounts
    asOf edition { prefLabel { value } }
    notices { type explanation { value } about { id } since }
    summary { assessable full partial possible excluded unknown fullRatio coveredRatio }
    requirements(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        ...InPlaceOf
        requirement { id prefLabel { value } } status
        satisfiedBy(first: 3) {
          totalCount nodes { control { id prefLabel { value } } plans { id prefLabel { value } } proof { authority } }
        }
        jointly { authority controls { id prefLabel { value } } }
        gaps { type explanation { value } about { id } closedBy { id } closedTogetherBy { id } }
      }
    }
  }
}"""

SHOW: Final = """
query Show($id: ID!, $after: String) {
  resource(id: $id) {
    id iri kind notation kindLabel { value } ja: prefLabel(lang: ["ja"]) { value } en: prefLabel(lang: ["en"]) { value }
    statements(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { predicateLabel { value } object { id prefLabel { value } } value { text } section certainty authority }
    }
  }
}"""


def query(home: Home, file: str, variables: str | None) -> int:
    """Print the answer to the GraphQL document in a file, or in standard input for `-`; 1 where it has errors."""
    repository = repository_for(home)
    releases = KeptReleases(home, repository)
    context = Context(load_current(home, repository), (LANGUAGE,), private=owned(home), releases=releases)
    answer = execute(build_schema(), context, Request(_document(file), _variables(variables)))
    sys.stdout.write(json.dumps(answer.body, ensure_ascii=False, indent=2) + "\n")
    return int("errors" in answer.body)


def coverage(home: Home, variables: dict[str, Any], *, as_json: bool) -> int:
    """Print how far an edition is met."""
    snapshot = load_current(home, repository_for(home))
    document, private = COVERAGE + in_place_column.FIELDS, owned(home) if variables.get("assessed") else NOTHING
    report = paged(snapshot, document, variables, "coverage", "requirements", private)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        return 0
    nodes, assessed = report["requirements"]["nodes"], report["assessed"] is not None
    headings = [say("要求事項", "Requirement"), say("状態", "Status"), say("満たすもの", "Satisfied by"), say("不足", "Gap")]
    rows = [[*_coverage_row(snapshot, node)] for node in nodes]
    if assessed:
        headings.append(in_place_column.heading())
        rows = [[*row, in_place_column.cell(snapshot, node)] for row, node in zip(rows, nodes, strict=True)]
    table(headings, rows, title=escape(f"{report['edition']['prefLabel']['value']} ({report['asOf']})"))
    print_notices(snapshot, report)
    lines([summary(snapshot, report["summary"])])
    if assessed:
        lines([in_place_column.counts(snapshot, report)])
    lines(longer_chains(variables["maxHops"], report["summary"]))
    return 0


def show(home: Home, identifier: str) -> int:
    """Print a resource with what is stated of it."""
    snapshot = load_current(home, repository_for(home))
    resource = paged(snapshot, SHOW, {"id": identifier}, "resource", "statements")
    OUT.print(f"[bold]{escape(resource['ja']['value'])}[/]\n{escape(resource['en']['value'])}")
    OUT.print(f"{escape(resource['kindLabel']['value'])} · {escape(resource['iri'])}")
    headings = (
        say("述語", "Predicate"),
        say("内容", "Value"),
        say("節", "Section"),
        say("確からしさ", "Certainty"),
        say("根拠", "Authority"),
    )
    table(headings, [_statement_row(snapshot, node) for node in resource["statements"]["nodes"]])
    return 0


def _execute(snapshot: Snapshot, document: str, variables: dict[str, Any], private: Private) -> Answer:
    context = Context(snapshot, (LANGUAGE,), private=private)
    return execute(build_schema(), context, Request(document, variables))


def paged(
    snapshot: Snapshot, document: str, variables: dict[str, Any], field: str, connection: str, private: Private = NOTHING
) -> dict[str, Any]:
    """The field's answer with every page of one connection in it; `private` is what the asker may see of private sources."""
    whole: dict[str, Any] | None = None
    after = None
    while True:
        found = _field(_execute(snapshot, document, {**variables, "after": after}, private), field, variables)
        page = found[connection]
        if whole is None:
            whole = found
        else:
            whole[connection]["nodes"] += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return whole


def _field(answer: Answer, field: str, variables: dict[str, Any]) -> dict[str, Any]:
    errors = answer.body.get("errors")
    if errors:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, Text(**errors[0]["extensions"]["messages"]))
    found: dict[str, Any] | None = answer.body["data"][field]
    if found is None:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN(id=variables["id"]))
    return found


def _coverage_row(snapshot: Snapshot, node: dict[str, Any]) -> tuple[str, str, str, str]:
    requirement, satisfied_by = node["requirement"], node["satisfiedBy"]
    alone = [_control(snapshot, one) for one in satisfied_by["nodes"]]
    controls = [_together(snapshot, one) for one in node["jointly"][:1]] + alone
    more = satisfied_by["totalCount"] - len(alone)
    if more:
        controls.append(say(f"ほか{more}件", f"{more} more"))
    gap = node["gaps"][0]["explanation"]["value"] if node["gaps"] else ""
    name = f"{requirement['prefLabel']['value']}\n{requirement['id']}"
    return escape(name), status(snapshot, node["status"]), escape("\n".join(controls)), escape(gap)


def _together(snapshot: Snapshot, joint: dict[str, Any]) -> str:
    names = say("と", " + ").join(one["prefLabel"]["value"] for one in joint["controls"])
    return f"{names} ({say('合わせて', 'together')}) [{word(snapshot, iris.AUTHORITY, joint['authority'])}]"


def _control(snapshot: Snapshot, one: dict[str, Any]) -> str:
    """A control with its authority, and the lowest plans that include it."""
    told = f"{one['control']['prefLabel']['value']} [{word(snapshot, iris.AUTHORITY, one['proof']['authority'])}]"
    plans = say("、", ", ").join(plan["prefLabel"]["value"] for plan in one["plans"])
    return told + say(f"\n  プラン: {plans}", f"\n  plan: {plans}") if plans else told


def print_notices(snapshot: Snapshot, report: dict[str, Any]) -> None:
    """Print what is to be known of a report."""
    for one in report["notices"]:
        since = f" ({one['since']})" if one["since"] else ""
        told = f"[yellow]{escape(word(snapshot, iris.NOTICE_TYPE, one['type']))}[/]{since}: {escape(one['explanation']['value'])}"
        OUT.print(told, soft_wrap=True)


def _statement_row(snapshot: Snapshot, node: dict[str, Any]) -> tuple[str, ...]:
    target = node["object"]
    value = f"{target['prefLabel']['value']}\n{target['id']}" if target else node["value"]["text"]
    return tuple(
        escape(text)
        for text in (
            node["predicateLabel"]["value"],
            value,
            node["section"] or "",
            word(snapshot, iris.CERTAINTY, node["certainty"]),
            word(snapshot, iris.AUTHORITY, node["authority"]),
        )
    )


def _document(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read(MAX_QUERY_BYTES) if file == "-" else Path(file).read_bytes()[:MAX_QUERY_BYTES]
        return raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNREADABLE(file=file, problem=error)) from error


def _variables(text: str | None) -> dict[str, Any]:
    try:
        variables = json.loads(text or "{}")
    except ValueError:
        variables = None
    if not isinstance(variables, dict):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOT_JSON)
    return variables
