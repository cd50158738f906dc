"""An ATT&CK Navigator layer (format 4.5) of what is given against the techniques of an edition.

A technique and its sub-techniques are scored each on its own, and the layer asks the Navigator not to aggregate them. What a
source does not let leave is not in it: see docs/decisions/0006-what-leaves.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import orjson

from kakehashi.crosswalk.threats import SCALE, Category, Exposure, Measure
from kakehashi.records.leaving import leaving_of_many
from kakehashi.records.model import Edition, Label, Resource, Statement
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

LAYER_VERSION: Final = "4.5"
NAVIGATOR_VERSION: Final = "5.1.0"
"""The Navigator that the layer is written for; format 4.5 asks for 4.9.0 at least."""
FRAMEWORK: Final = "mitre-attack"
MEDIA_TYPE: Final = "application/json"
ORDER: Final = "order"

TECHNIQUE: Final = re.compile(r"T[0-9]{4}(\.[0-9]{3})?")

TITLE = Text("ATT&CK {version} に対する備え", "Measures against ATT&CK {version}")
DESCRIPTION = Text(
    "Kakehashiのリリース {release}、基準日 {day}。点数は公表者の尺度によるもので、1は{minimal}、2は{partial}、3は{significant}。"
    "手法と下位の手法は別々に評価しており、合算していない。つながりのないものは「備えがない」と示すが、無防備と確かめたわけではない。",
    "Release {release} of Kakehashi, as of {day}. Scores stand on their publisher's scale: 1 {minimal}, 2 {partial}, "
    "3 {significant}. Techniques and sub-techniques are scored each on its own, never together. What nothing is linked to is "
    "shown as open, which is not known to be defenceless.",
)
WITHHELD_COMMENT = Text(
    "外部に渡せない出典だけがこの手法を扱っているため、内容は示さない。",
    "Only sources that may not be passed on deal with this technique, so nothing is shown.",
)
WHICH_EDITION = Text(
    "Navigatorのレイヤーには、ATT&CKの版(edition)を一つ指定してください。あるのは {known} です。",
    "A Navigator layer needs one edition of ATT&CK (edition). There are: {known}.",
)
NOT_ATTACK = Text(
    "「{id}」はATT&CKの版ではないので、Navigatorのレイヤーにできません。あるのは {known} です。",
    "'{id}' is no edition of ATT&CK, so there is no Navigator layer of it. There are: {known}.",
)

CATEGORY_NAMES: Final[Mapping[Category, Text]] = MappingProxyType(
    {
        Category.PROTECT: Text("防御", "Protect"),
        Category.DETECT: Text("検知", "Detect"),
        Category.RESPOND: Text("対処", "Respond"),
        Category.MITIGATE: Text("軽減", "Mitigate"),
        Category.UNSPECIFIED: Text("関連", "Tied"),
    }
)
SCORE_NAMES: Final[Mapping[str, Text]] = MappingProxyType(
    {"minimal": Text("最小限", "minimal"), "partial": Text("部分的", "partial"), "significant": Text("顕著", "significant")}
)
COLOURS: Final = ("#fdd0a2", "#c6dbef", "#6baed6", "#2171b5")
"""Open, then the scale: orange apart from blues that darken, so that it is read without colours as well."""
UNSCORED: Final = "#bcbddc"
OPEN = Text("備えがない", "Open: nothing given")
NO_SCORE = Text("備えがあり、評価はない", "Addressed, without a score")


class Domain(StrEnum):
    """The domains of ATT&CK that a layer can be of."""

    ENTERPRISE = "enterprise-attack"
    MOBILE = "mobile-attack"
    ICS = "ics-attack"


MATRICES: Final[Mapping[str, Domain]] = MappingProxyType(
    {"Enterprise ATT&CK": Domain.ENTERPRISE, "Mobile ATT&CK": Domain.MOBILE, "ATT&CK for ICS": Domain.ICS}
)
"""The domain of each matrix, by the name that MITRE gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a layer is of: the techniques of which edition and domain, at what day, in whose language."""

    edition: str
    as_of: date
    language: str
    domain: Domain = Domain.ENTERPRISE


def attack_edition(snapshot: Snapshot, wanted: str | None) -> Edition:
    """The edition of ATT&CK of an id, or the only one that there is; an error where it is none, or there are several."""
    known = {one.id: one for one in snapshot.editions.values() if one.framework == FRAMEWORK}
    if wanted is None and len(known) == 1:
        return next(iter(known.values()))
    if wanted not in known:
        text = WHICH_EDITION if wanted is None else NOT_ATTACK
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, text(id=(wanted or "")[:80], known=", ".join(sorted(known)) or "-"))
    return known[wanted]


def navigator_layer(snapshot: Snapshot, exposures: Iterable[Exposure], about: About) -> bytes:
    """The layer file, the same bytes for the same question; an error where the edition is none of ATT&CK."""
    edition = attack_edition(snapshot, about.edition)
    version = edition.version or edition.id.rpartition("/")[2]
    layer = {
        "name": TITLE(version=version).in_language(about.language),
        "versions": {"attack": version.partition(".")[0], "navigator": NAVIGATOR_VERSION, "layer": LAYER_VERSION},
        "domain": about.domain.value,
        "description": _description(snapshot, about),
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True, "showAggregateScores": False},
        "hideDisabled": False,
        "techniques": list(_techniques(snapshot, exposures, about)),
        "gradient": {"colors": list(COLOURS), "minValue": 0, "maxValue": len(COLOURS) - 1},
        "legendItems": _legend(about.language),
        "selectSubtechniquesWithParent": False,
        "metadata": [{"name": "edition", "value": edition.id}, {"name": "release", "value": snapshot.release.id}],
    }
    return orjson.dumps(layer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _description(snapshot: Snapshot, about: About) -> str:
    words = {word: text.in_language(about.language) for word, text in SCORE_NAMES.items()}
    return DESCRIPTION(release=snapshot.release.id, day=about.as_of.isoformat(), **words).in_language(about.language)


def _legend(language: str) -> list[dict[str, str]]:
    labels = (OPEN, *(SCORE_NAMES[word] for word in SCALE), NO_SCORE)
    return [
        {"label": label.in_language(language), "color": colour}
        for label, colour in zip(labels, (*COLOURS, UNSCORED), strict=True)
    ]  # fmt: skip


def _techniques(snapshot: Snapshot, exposures: Iterable[Exposure], about: About) -> Iterator[dict[str, Any]]:
    """The techniques in use of the edition and domain, by number."""
    found = {
        _number(snapshot, one.threat.id): one
        for one in exposures
        if one.threat.counted and one.threat.id.startswith(f"{about.edition}/") and about.domain in _domains(snapshot, one)
    }
    for number in sorted(found):
        if TECHNIQUE.fullmatch(number):
            yield {"techniqueID": number, **_annotation(snapshot, found[number], about.language)}


def _number(snapshot: Snapshot, threat: str) -> str:
    return snapshot.resources[threat].notation or threat.rpartition("/")[2]


def _domains(snapshot: Snapshot, exposure: Exposure) -> frozenset[Domain]:
    """The domains in whose matrices its tactics stand; that of enterprises where no matrix is known."""
    sections = (
        statement.section or ""
        for tactic in exposure.threat.tactics
        for statement in snapshot.outgoing.get(tactic, ())
        if statement.predicate == ORDER
    )
    return frozenset(MATRICES[section] for section in sections if section in MATRICES) or frozenset({Domain.ENTERPRISE})


def _annotation(snapshot: Snapshot, exposure: Exposure, language: str) -> dict[str, Any]:
    """What stands at a technique: greyed out where all that is known of it may not leave."""
    measures = _leaving(snapshot, exposure.measures)
    if exposure.measures and not measures:
        return {"enabled": False, "comment": WITHHELD_COMMENT.in_language(language)}
    level = max((measure.level for measure in measures), default=0)
    return {
        **({"color": UNSCORED} if measures and not level else {"score": level}),
        "enabled": True,
        "comment": "\n".join(_comment(measures, language)) or OPEN.in_language(language),
        "metadata": [
            {"name": CATEGORY_NAMES[one.category].in_language(language), "value": _line(snapshot, one, language)}
            for one in measures
        ],
    }


def _comment(measures: Sequence[Measure], language: str) -> Iterator[str]:
    """The best score and the number of measures of each category; the measures stand in the metadata."""
    for category, name in CATEGORY_NAMES.items():
        found = [one for one in measures if one.category is category]
        if found:
            best = _score(max(found, key=lambda one: one.level).score, language)
            yield (
                f"{name.in_language(language)}: {best} ({len(found)})" if best else f"{name.in_language(language)} ({len(found)})"
            )


def _leaving(snapshot: Snapshot, measures: Sequence[Measure]) -> list[Measure]:
    """The measures whose statements may leave, each with the score that leaves with it."""
    return [
        replace(measure, score=left.mapping.strength if left.mapping else None)
        for measure in measures
        for left in leaving_of_many([snapshot.statements[measure.statement]], snapshot.sources)
        if isinstance(left, Statement)
    ]


def _line(snapshot: Snapshot, measure: Measure, language: str) -> str:
    """A measure in words: its score, the thing, on whose word, and the statement to look up."""
    parts = (
        _score(measure.score, language),
        _name(snapshot, measure.thing, language),
        _label(snapshot.terms[iris.AUTHORITY + measure.authority].labels, language),
        measure.statement,
    )
    return " · ".join(part for part in parts if part)


def _score(score: str | None, language: str) -> str:
    """The score in the reader's language where it is of the known scale, else as published."""
    known = SCORE_NAMES.get((score or "").casefold())
    return known.in_language(language) if known else score or ""


def _name(snapshot: Snapshot, identifier: str, language: str) -> str:
    """A thing's name, as far as it may leave, with its id."""
    left = (one for one in leaving_of_many([snapshot.resources[identifier]], snapshot.sources) if isinstance(one, Resource))
    name = _label(next((one.labels for one in left), ()), language)
    return f"{name} ({identifier})" if name else identifier


def _label(labels: Sequence[Label], language: str) -> str:
    by_language = {label.language: label.text for label in labels}
    return by_language.get(language) or next(iter(by_language.values()), "")
