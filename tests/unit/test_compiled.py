"""Plans on a schema of their own: values that are as they should be and others, what is kept, what stands before execution."""

import gc
import math
import time
import weakref
from datetime import date
from enum import Enum
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
import strawberry

from kakehashi.graphql.compiled.errors import AbandonedError
from kakehashi.graphql.compiled.pieces import Pieces, pieces_of
from kakehashi.graphql.compiled.plan import ReleaseContext, Run
from kakehashi.graphql.compiled.purity import NAMED_BY_RECORD, PURE
from kakehashi.graphql.context import Context, Info
from kakehashi.graphql.cost import Cost
from kakehashi.graphql.documents import Operation, RefusedError, core_of, documents_of
from kakehashi.graphql.execution import Answer, Request, answered, at_hand, execute, interpreted, plan_of
from kakehashi.graphql.metering import Meter
from kakehashi.graphql.observed import Observed, observing
from kakehashi.graphql.recent import Recent
from kakehashi.graphql.schema import build_schema
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

CALLS: list[str] = []
PLAIN = 'a"\\\n\u2028é🎈'


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Word(str):
    """A string that orjson does not write as one."""

    __slots__ = ()


@strawberry.interface
class Thing:
    value: strawberry.Private[Any]

    @strawberry.field
    def name(self) -> str:
        return f"{type(self).__name__} {self.value}"


@strawberry.type
class Stone(Thing):
    @strawberry.field
    def weight(self) -> int:
        return 2**31 if self.value == "heavy" else 7


@strawberry.type
class Cloud(Thing):
    colours: list[Colour] = strawberry.field(default_factory=lambda: [Colour.RED, Colour.BLUE])


@strawberry.type
class Alone:
    answer: int = 42


@strawberry.input
class Wish:
    colour: Colour = Colour.BLUE
    words: list[str] | None = None
    on: date | None = None


AnyThing = Annotated[Stone | Alone, strawberry.union("AnyThing")]


@strawberry.type
class Values:
    @strawberry.field
    def text(self, of: str = "plain") -> str:
        found: dict[str, Any] = {
            "plain": 'a"\\\n\u2028é🎈',
            "none": None,
            "number": 5,
            "true": True,
            "word": Word("w"),
            "list": [],
        }
        return found[of]  # type: ignore[no-any-return]

    @strawberry.field
    def maybe(self, of: str = "none") -> str | None:
        return None if of == "none" else Word(of)

    @strawberry.field
    def number(self, of: str = "usual") -> int:
        found: dict[str, Any] = {"usual": -3, "large": 2**31, "true": True, "float": 3.0, "half": 3.5, "none": None, "text": "12"}
        return found[of]  # type: ignore[no-any-return]

    @strawberry.field
    def real(self, of: str = "usual") -> float:
        return {"usual": 0.1, "whole": 2, "endless": math.inf, "nan": math.nan, "tiny": 1e-300}[of]

    @strawberry.field
    def flag(self, of: str = "usual") -> bool:
        found: dict[str, Any] = {"usual": True, "one": 1, "text": "yes"}
        return found[of]  # type: ignore[no-any-return]

    @strawberry.field
    def colour(self, of: str = "usual") -> Colour | None:
        found: dict[str, Any] = {"usual": Colour.RED, "none": None, "value": "red", "wrong": "green"}
        return found[of]  # type: ignore[no-any-return]

    @strawberry.field
    def day(self) -> date:
        return date(2026, 8, 1)

    @strawberry.field
    def table(self, of: str = "usual") -> list[list[int | None]]:
        found: dict[str, Any] = {
            "usual": [[1, None], []], "tuple": ((1,), (2,)), "none": [[1], None], "set": {1}, "lazy": (one for one in ([1], [2])),
        }  # fmt: skip
        return found[of]  # type: ignore[no-any-return]

    @strawberry.field
    def thing(self, of: str = "light") -> Thing | None:
        found: dict[str, Any] = {"light": Stone(value=1), "cloud": Cloud(value=2), "none": None, "other": Alone()}
        return found.get(of, Stone(value=of))  # type: ignore[no-any-return]

    @strawberry.field
    def stone(self, of: str = "light") -> Stone:
        return Cloud(value=1) if of == "cloud" else Stone(value=of)  # type: ignore[return-value]

    @strawberry.field
    def any_thing(self, of: str = "stone") -> AnyThing:
        return Stone(value=1) if of == "stone" else Alone()

    @strawberry.field
    def wished(self, info: Info, wish: Wish | None = None, names: list[Colour] | None = None, since: date | None = None) -> str:
        return f"{wish} {names} {since} {info.context.today}"

    @strawberry.field
    def broken(self) -> str | None:
        CALLS.append("broken")
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, Text("だめ", "no"))

    @strawberry.field
    def slow(self, info: Info) -> str:
        CALLS.append("slow")
        time.sleep(0.02)
        info.context.check_deadline()
        return "done"


@strawberry.type
class Root:
    @strawberry.field
    def values(self) -> Values:
        return Values()

    @strawberry.field
    def maybe_values(self) -> Values | None:
        return Values()


SCHEMA = strawberry.Schema(Root, types=[Stone, Cloud])
NOWHERE: Any = SimpleNamespace()


def context(seconds: float = 60) -> Context:
    return Context(NOWHERE, ("en",), date(2026, 8, 1), time.monotonic() + seconds)


def operation(text: str, **variables: Any) -> Operation:
    return documents_of(SCHEMA).operation(text, None, variables)


def both(text: str, **variables: Any) -> Answer:
    """The answer, which is graphql-core's too."""
    asked = operation(text, **variables)
    assert plan_of(SCHEMA, asked) is not None
    answer = answered(SCHEMA, context(), asked, {})
    assert answer.content == interpreted(SCHEMA, context(), asked, {}).content
    return answer


@pytest.mark.parametrize(
    "selected",
    [
        "text maybe number real flag colour day table __typename",
        'a: maybe(of: "x") b: colour(of: "none") c: table(of: "tuple") d: real(of: "tiny") e: real(of: "whole")',
        'a: text(of: "number") b: text(of: "true") c: text(of: "word")',
        'a: number(of: "true") b: number(of: "float") c: number(of: "text") d: flag(of: "one")',
        "thing { name __typename ... on Stone { weight } ... on Cloud { colours } }",
        'thing(of: "cloud") { ... on Cloud { colours name } ... on Stone { weight } }',
        'a: anyThing { __typename ... on Stone { weight } } b: anyThing(of: "alone") { ... on Alone { answer } }',
        "thing { ...A ...A } thing { ...B } stone { ...B name } ",
        'wished(wish: {words: ["a"], on: "2020-01-01"}, names: [RED, BLUE], since: "2021-01-01") a: wished b: wished(wish: {})',
        "x: text @skip(if: true) y: text @include(if: true)",
        "thing { ... @include(if: false) { name } ... @skip(if: false) { __typename } }",
    ],
)
def test_what_is_in_order_is_answered_by_plan(selected: str) -> None:
    text = f"{{ values {{ {selected} }} }}" + (
        " fragment A on Thing { name } fragment B on Stone { weight }" if "...A" in selected else ""
    )
    assert both(text).by_plan


@pytest.mark.parametrize(
    "selected",
    [
        'text(of: "none")', 'text(of: "list")', 'number(of: "large")', 'number(of: "half")', 'number(of: "none")',
        'real(of: "nan")',
        'real(of: "endless")', 'flag(of: "text")', 'colour(of: "wrong")', 'table(of: "none")', 'table(of: "set")', "broken",
        'text(of: "no such key")', 'thing(of: "heavy") { ... on Stone { weight } }', 'thing(of: "other") { name }',
        "text broken day", 'thing { name ... on Stone { weight } } broken stone(of: "heavy") { weight }',
    ],
)  # fmt: skip
@pytest.mark.parametrize("root", ["values", "maybeValues"])
def test_what_is_not_is_answered_by_graphql_core_from_the_start(root: str, selected: str) -> None:
    with observing(Observed("an id")):
        answer = both(f"{{ {root} {{ {selected} }} }}")
    assert not answer.by_plan
    assert "errors" in answer.body


def test_what_graphql_core_reads_more_generously_is_left_to_it() -> None:
    for selected in ('table(of: "lazy")', 'colour(of: "value")', 'stone(of: "cloud") { weight }'):
        answer = both(f"{{ values {{ {selected} }} }}")
        assert not answer.by_plan
        assert "errors" not in answer.body


def test_variables_are_read_as_graphql_core_reads_them() -> None:
    text = 'query($of: String, $wish: Wish, $names: [Colour!], $day: Date = "2020-02-02", $on: Boolean! = true) { values { '
    text += "maybe(of: $of) wished(wish: $wish, names: $names, since: $day) text @include(if: $on) } }"
    assert both(text).by_plan
    assert both(text, of="x", wish={"words": "one", "colour": "RED"}, names="RED", day=None, on=False).by_plan
    assert both(text, of="y", wish={"on": "2020-01-01"}, names=["BLUE"], on=True).by_plan
    assert both('query($of: String! = "plain") { values { text(of: $of) } }').by_plan


def test_a_plan_is_made_once_for_what_the_directives_say() -> None:
    text = "query($on: Boolean!, $of: String) { values { text @include(if: $on) maybe(of: $of) } }"
    plans = [plan_of(SCHEMA, operation(text, on=on, of=of)) for on, of in ((True, "a"), (True, "b"), (False, "a"))]
    assert plans[0] is plans[1]
    assert plans[0] is not plans[2]


def test_introspection_and_what_is_too_large_are_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plan_of(SCHEMA, operation("{ __schema { queryType { name } } }")) is None
    assert plan_of(SCHEMA, operation("{ values { text maybe flag } }")) is not None
    monkeypatch.setattr("kakehashi.graphql.compiled.compiling.MOST_FIELDS", 3)
    large = operation("{ values { text maybe day } }")
    assert plan_of(SCHEMA, large) is None
    assert "errors" not in answered(SCHEMA, context(), large, {}).body


def test_time_that_is_over_is_not_spent_again() -> None:
    CALLS.clear()
    asked = operation("{ values { slow } }")
    answer = answered(SCHEMA, context(seconds=0.01), asked, {"extensions": {"cost": 1}})
    assert CALLS == ["slow"]
    assert answer.body["errors"][0]["extensions"]["code"] == "TOO_SLOW"
    assert (answer.executed, answer.body["data"], answer.body["extensions"]) == (True, None, {"cost": 1})
    CALLS.clear()
    assert answered(SCHEMA, context(), operation("{ values { broken } }"), {}).body["data"] == {"values": {"broken": None}}
    assert CALLS == ["broken", "broken"]


def test_what_is_at_hand_is_answered_at_once_and_nothing_else(snapshot: Snapshot) -> None:
    schema, here = build_schema(), Context(Snapshot(snapshot.release, snapshot.records))
    edition = max(snapshot.editions.values(), key=lambda one: len(one.provisions)).id
    page = "provisions(first: $n) { totalCount pageInfo { endCursor } nodes { id prefLabel(lang: $lang) { value } } }"
    text = f"query($id: ID!, $n: Int, $lang: [String!]) {{ resource(id: $id) {{ __typename ... on Edition {{ {page} }} }} }}"
    asked = Request(text, {"id": edition, "n": 5, "lang": ["en"]})
    assert at_hand(schema, here, asked) is None
    answer = execute(schema, here, asked)
    assert at_hand(schema, here, asked) == answer
    more = Request(text, {"id": edition, "n": 6, "lang": ["en"]})
    assert at_hand(schema, here, more) is None
    assert len(execute(schema, here, more).content) > len(answer.content)
    assert at_hand(schema, here, more) is not None
    unusual: list[dict[str, Any]] = [{"id": edition, "n": 2001}, {"id": edition, "n": 5, "lang": ["en"] * 9}, {"id": {}}]
    for variables in unusual:
        execute(schema, here, Request(text, variables))
        assert at_hand(schema, here, Request(text, variables)) is None
    looking = ('filter: {notation: {contains: "x"}}', "orderBy: [{field: NOTATION}]")
    slow = [f'{{ coverage(edition: "{edition}") {{ summary {{ full }} }} }}']
    slow += [
        f'{{ resource(id: "{edition}") {{ ... on Edition {{ provisions({one}) {{ nodes {{ id }} }} }} }} }}' for one in looking
    ]
    for one in map(Request, slow):
        assert execute(schema, here, one).by_plan
        assert at_hand(schema, here, one) is None


class Counting(Meter):
    """A meter that counts, and refuses what is beyond its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit, self.charges = limit, 0

    def charge(self, cost: Cost, points: int) -> None:
        super().charge(cost, points)
        self.charges += 1
        if self.charges > self.limit:
            raise KakehashiError(ErrorCode.RATE_LIMITED, Text("多すぎます", "too many"))


def test_what_is_at_hand_is_charged_once_as_all_else_is(snapshot: Snapshot) -> None:
    schema, own = build_schema(), Snapshot(snapshot.release, snapshot.records)
    asked = Request('{ resource(id: "cs-gold-mark") { prefLabel { value } } }')
    meter = Counting(limit=2)
    here = Context(own, meter=meter)
    assert at_hand(schema, here, asked) is None
    right = execute(schema, here, asked)
    assert (right.faultless, meter.charges) == (True, 1)
    assert at_hand(schema, here, asked) == right
    assert meter.charges == 2
    refused = at_hand(schema, here, asked)
    assert refused is not None
    assert (refused.executed, refused.body["errors"][0]["extensions"]["code"]) == (False, "RATE_LIMITED")
    assert execute(schema, here, asked).content == refused.content
    later = Context(Snapshot(snapshot.release, snapshot.records), meter=meter)
    assert at_hand(schema, later, asked) is None
    assert meter.charges == 4


def test_what_asks_for_private_rows_or_the_meter_is_never_at_hand(snapshot: Snapshot) -> None:
    schema, here = build_schema(), Context(snapshot)
    edition = max(snapshot.editions.values(), key=lambda one: len(one.provisions)).id
    texts = (
        "{ rateLimit { cost } }",
        "{ release { id } rateLimit(dryRun: true) { cost } }",
        f'{{ coverage(edition: "{edition}", assessed: {{organisation: "x"}}) {{ summary {{ full }} }} }}',
        '{ asKnownIn(release: "x") { __typename } }',
    )
    for asked in map(Request, texts):
        execute(schema, here, asked)
        assert at_hand(schema, here, asked) is None
    quick = Request("{ release { id } }")
    execute(schema, here, quick)
    assert at_hand(schema, here, quick) is not None


def test_what_an_operation_costs_is_in_its_extensions() -> None:
    for text in ("{ rateLimit { cost } }", "{ __typename __schema { queryType { name } } }"):
        body = execute(build_schema(), context(), Request(text)).body
        assert body["extensions"]["cost"]["points"] >= 1
        assert body["data"]
    many = "".join(f'a{number}: closeGaps(edition: "x") {{ asOf }} ' for number in range(60))
    refused = execute(build_schema(), context(), Request(f"{{ {many} }}"))
    assert (refused.executed, refused.body["errors"][0]["extensions"]["code"]) == (False, "TOO_COMPLEX")
    assert "data" not in refused.body


def test_documents_are_kept_up_to_a_number_and_refused_ones_are_not() -> None:
    recent = Recent[int, str](2)
    made: list[int] = []

    def get(key: int) -> str:
        def make() -> str:
            made.append(key)
            return str(key)

        return recent.get(key, make)

    assert [get(1), get(2), get(1), get(3), get(1), get(2)] == ["1", "2", "1", "3", "1", "2"]
    assert made == [1, 2, 3, 2]
    with pytest.raises(RefusedError):
        operation("{ nothing }")


def test_pure_fields_exist_and_see_the_release_and_the_languages_only() -> None:
    types = core_of(build_schema()).type_map
    for name, pure in PURE.items():
        assert pure <= set(types[name].fields), name  # type: ignore[attr-defined]
    assert set(PURE) >= NAMED_BY_RECORD
    run = Run(context(), (), ())
    assert isinstance(run.of_release.context, ReleaseContext)
    assert {*ReleaseContext.__slots__} == {"snapshot", "wishes"}
    for hidden in ("today", "deadline", "private", "check_deadline"):
        assert not hasattr(run.of_release.context, hidden)


def test_pieces_of_one_reader_or_one_variable_are_not_another_s(snapshot: Snapshot) -> None:
    schema, here = build_schema(), Snapshot(snapshot.release, snapshot.records)
    edition = max(snapshot.editions.values(), key=lambda one: len(one.provisions)).id
    names = "plain: prefLabel { value isFallback } named: prefLabel(lang: $lang) { value isFallback }"
    page = f"... on Edition {{ provisions(first: 5) {{ nodes {{ {names} }} }} }}"
    text = f'query($lang: [String!]) {{ resource(id: "{edition}") {{ {page} }} }}'
    found = documents_of(schema)
    answers = []
    for reader, lang in ((("ja",), ["ja"]), (("en",), ["ja"]), (("ja",), ["en"]), ((), ["fr"]), ((), None)):
        asked, told = found.operation(text, None, {"lang": lang}), Context(here, reader)
        answer = answered(schema, told, asked, {})
        assert answer.by_plan
        assert answer.content == interpreted(schema, told, asked, {}).content
        answers.append(answer.content)
    assert len(set(answers)) >= 4


def test_pieces_are_bounded_and_the_longest_unused_go_first() -> None:
    pieces = Pieces(most=10_000)
    first, second = (pieces.store((name, (), "")) for name in ("first", "second"))
    first.put("a", b"x" * 3000)
    second.put("b", b"x" * 3000)
    assert pieces.store(("first", (), "")) is first
    pieces.store(("third", (), "")).put("c", b"x" * 3000)
    assert pieces.store(("first", (), "")) is first
    assert pieces.store(("second", (), "")) is not second
    second.put("d", b"x" * 9000)
    assert pieces.room <= 10_000
    pieces.store(("huge", (), "")).put("e", b"x" * 20_000)
    assert pieces.room <= 10_000


def test_pieces_and_reports_go_with_their_release(snapshot: Snapshot) -> None:
    own = Snapshot(snapshot.release, snapshot.records)
    text = '{ resource(id: "cs-gold-mark") { id } coverage(edition: "leaflet-security-measures/2020-01") { summary { full } } }'
    assert execute(build_schema(), Context(own), Request(text)).by_plan
    gone = [weakref.ref(one) for one in (own, pieces_of(own), own.kept["questions"])]
    del own
    gc.collect()
    assert [one() for one in gone] == [None, None, None]


def test_a_list_whose_key_is_not_its_nodes_id_is_not_kept(snapshot: Snapshot) -> None:
    from kakehashi.graphql.compiled.plan import page  # noqa: PLC0415
    from kakehashi.graphql.connections import Connection, Page  # noqa: PLC0415
    from kakehashi.graphql.orders import by_text  # noqa: PLC0415
    from kakehashi.graphql.resources import Resource, resource_node  # noqa: PLC0415

    ids = list(snapshot.resources)[:2]
    other = resource_node(snapshot, list(snapshot.resources)[2])
    wrong = Connection[Resource](page=Page(ids, by_text("resources"), lambda _: other, 0, 2))
    run = Run(Context(snapshot), (), ())
    with pytest.raises(AbandonedError):
        page(Pieces().store(("", (), "")), wrong, lambda node, _: node.record.id, run)
