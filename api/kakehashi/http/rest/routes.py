"""The routes: which address asks which document, and what it is for."""

from dataclasses import dataclass
from typing import Final

from kakehashi.graphql.connections import MANY, MAX_FIRST
from kakehashi.vocabulary.text import Text

PREFIX: Final = "/v1"
"""Addresses below it stay, and their answers only gain members; what breaks a client comes below another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address; `pages` leads to the list in its answer that comes in pages, of so many nodes at `most`.

    A table has `columns` and is given whole too, row by row. With `body` the question may be posted, with all that the document
    takes.
    """

    path: str
    operation: str
    summary: Text
    pages: tuple[str, ...] = ()
    most: int = MAX_FIRST
    columns: tuple[str, ...] = ()
    body: bool = False


_REQUIREMENT: Final = ("requirement.id", "requirement.notation", "requirement.prefLabel.value", "status")
_ENDS: Final = tuple(f"{end}.{name}" for end in ("source", "target") for name in ("id", "notation", "prefLabel.value"))

ROUTES: Final = (
    Route(
        path="/releases/current",
        operation="release",
        summary=Text("配信中のリリースと、その出典", "The release that is served, and the sources that it is made of"),
    ),
    Route(
        path="/resources",
        operation="resources",
        pages=("resources",),
        most=MANY,
        summary=Text("項目の一覧(種別で絞り込み可)", "Resources by id, of some kinds or all"),
    ),
    Route(
        path="/resources/{id}",
        operation="resource",
        summary=Text(
            "一つの項目と、それについての記述・それを指す記述", "A resource, with what is stated of it and with it as the object"
        ),
    ),
    Route(
        path="/statements",
        operation="statements",
        pages=("resource", "statements"),
        summary=Text("一つの項目についての記述、またはそれを指す記述", "What is stated of a resource, or with it as the object"),
    ),
    Route(
        path="/search",
        operation="search",
        pages=("search",),
        summary=Text(
            "語を含む項目(一致の良い順)と、その箇所",
            "Resources that hold the words of a text, the best first, and where they hold them",
        ),
    ),
    Route(
        path="/frameworks",
        operation="frameworks",
        pages=("frameworks",),
        summary=Text("枠組み(ガイドラインや規格)の一覧", "The frameworks: guidelines, standards, schemes' criteria"),
    ),
    Route(
        path="/editions",
        operation="editions",
        pages=("editions",),
        summary=Text("版の一覧(枠組みで絞り込み可)", "The editions, of one framework or all"),
    ),
    Route(
        path="/editions/{id}/provisions",
        operation="provisions",
        pages=("edition", "provisions"),
        most=MANY,
        summary=Text("版の条項(公表元の順)", "The provisions of an edition, in the publisher's order"),
    ),
    Route(
        path="/mapping-sets",
        operation="mappingSets",
        pages=("mappingSets",),
        summary=Text("対応表の一覧(版で絞り込み可)", "The mapping sets, about one edition or all"),
    ),
    Route(
        path="/crosswalk",
        operation="crosswalk",
        pages=("crosswalk", "rows"),
        most=MANY,
        columns=(*_ENDS, "relation.relations", "relation.determined", "candidate", "score"),
        summary=Text(
            "二つの版の間で公表された記述から導かれること", "What follows between two editions from published statements"
        ),
    ),
    Route(
        path="/crosswalk/disputed",
        operation="crosswalkDisputed",
        pages=("crosswalk", "disputed"),
        summary=Text("公表された記述が互いに矛盾する組", "Pairs of which published statements contradict each other"),
    ),
    Route(
        path="/crosswalk/shared",
        operation="crosswalkShared",
        pages=("crosswalk", "shared"),
        summary=Text("二つの版がともに持つ条項", "Provisions that both editions have"),
    ),
    Route(
        path="/crosswalk/unmapped-source",
        operation="crosswalkUnmappedSource",
        pages=("crosswalk", "unmappedSource"),
        summary=Text("対応先のない、元の版の条項", "Source provisions that no chain links with the target"),
    ),
    Route(
        path="/crosswalk/unmapped-target",
        operation="crosswalkUnmappedTarget",
        pages=("crosswalk", "unmappedTarget"),
        summary=Text("対応元のない、先の版の条項", "Target provisions that no chain links with the source"),
    ),
    Route(
        path="/relation",
        operation="relation",
        summary=Text("二つの項目の関係と、その根拠", "What follows for one pair, and why"),
    ),
    Route(
        path="/coverage",
        operation="coverage",
        pages=("coverage", "requirements"),
        most=MANY,
        body=True,
        columns=(*_REQUIREMENT, "satisfiedBy.nodes.control.id", "satisfiedBy.nodes.status", "jointly.controls.id", "gaps.type"),
        summary=Text(
            "版の要求事項が、手持ちのものでどこまで満たされるか", "How far an edition's requirements are met by what is given"
        ),
    ),
    Route(
        path="/gaps",
        operation="gaps",
        pages=("gaps", "requirements"),
        most=MANY,
        body=True,
        columns=(*_REQUIREMENT, "gaps.type", "gaps.explanation.value", "gaps.closedBy.id", "gaps.closedTogetherBy.id"),
        summary=Text("残る不足と、その理由・埋め得るもの", "What is left, why, and what would close it"),
    ),
    Route(
        path="/close-gaps",
        operation="closeGaps",
        pages=("closeGaps", "raised"),
        body=True,
        summary=Text("予算内で最も多くの不足を埋める追加", "The additions that close most gaps within a budget"),
    ),
    Route(
        path="/threats",
        operation="threats",
        pages=("threats", "rows"),
        body=True,
        summary=Text(
            "脅威に対して手持ちのものが何をするか、何が残るか", "What the given does against threats, and what stays open"
        ),
    ),
)

PARAMETERS: Final = {
    "id": Text("項目のID。斜線を含んでよい。", "The id of the resource; it may hold slashes."),
    "resource": Text("項目のID。", "The id of the resource."),
    "kind": Text("種別。複数可。", "Kinds, by the vocabulary's words; may be repeated."),
    "text": Text("探す語。複数の語は、すべてを含むもの。", "What to look for: all of the words that it has."),
    "direction": Text(
        "記述ではOUT(その項目についての記述)かIN(それを指す記述)。行の順ではASC(昇順)かDESC(降順)。",
        "Of statements, OUT: what is stated of it, or IN: what is stated with it as the object. Of an order, ASC or DESC.",
    ),
    "predicate": Text("述語。", "The predicate, a word of the vocabulary."),
    "framework": Text("枠組みのID。", "The id of a framework."),
    "edition": Text("版のID。", "The id of an edition."),
    "source": Text(
        "元の版(または項目、出典)のID。", "The id of the source: an edition, a resource or, for threats, a published source."
    ),
    "target": Text("先の版(または項目)のID。", "The id of the target: an edition or a resource."),
    "tactic": Text("戦術のID。", "The id of a tactic."),
    "open": Text("trueなら、何も手当てのない脅威だけ。", "true: only threats that nothing given does anything about."),
    "maxHops": Text("たどる記述の数の上限。", "The longest chain of statements."),
    "include": Text(
        "行の種類。複数可。指定がなければ両方。", "Which rows: certain ones, candidates; both unless said. May be repeated."
    ),
    "orderBy": Text("行の順を決めるもの。", "What the rows are ordered by."),
    "nulls": Text("値のない行を置く位置。", "Where rows without a value stand."),
    "proof": Text("trueなら根拠を添える。", "true: each row with its proof."),
    "status": Text("充足の状態。複数可。", "Only requirements of these statuses; may be repeated."),
    "products": Text("導入済みの製品のID。複数可。", "Ids of products; may be repeated."),
    "plans": Text("契約中のライセンスプランのID。複数可。", "Ids of licence plans; may be repeated."),
    "controls": Text(
        "実施中の機能・契約条項・製品のID。複数可。",
        "Ids of single capabilities, contract terms or products in place; may be repeated.",
    ),
    "certificates": Text(
        "認証の制度または規格のID。複数可。期間や範囲はPOSTで指定する。",
        "Ids of certificates' schemes or standards; may be repeated. Validity and scope are said by POST.",
    ),
    "everything": Text("trueなら、リリースにあるものすべて。", "true: all that the release knows."),
    "remove": Text("手持ちから取り去るもののID。複数可。", "What if: ids of what is taken away again; may be repeated."),
    "minAuthority": Text("数える記述の、最も弱い権威。", "The weakest authority that counts; VENDOR unless said."),
    "authorities": Text(
        "数える権威そのもの。複数可。minAuthorityとは併用できない。",
        "Exactly the authorities that count, instead of minAuthority; may be repeated.",
    ),
    "asOf": Text(
        "判定の日。指定がなければ今日(日本時間)。", "The day that validity is judged at; today in Asia/Tokyo unless said."
    ),
    "budget": Text("追加の数の上限。", "How many additions there may be at most."),
    "first": Text("1ページの件数。", "How many nodes a page has."),
    "after": Text("前のページのendCursor。", "The endCursor of the page before."),
    "lang": Text(
        "望む言語。複数可、望ましい順。指定がなければAccept-Language。",
        "Wanted languages, best first; may be repeated. Else Accept-Language.",
    ),
}
