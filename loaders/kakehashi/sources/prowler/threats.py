"""Prowler's file on ATT&CK: which check is tied to which technique, and how a provider's services are scored against it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from kakehashi.records.located import Place
from kakehashi.records.model import Label, MappingDetail, MappingSet, Resource
from kakehashi.records.values import MappingStatus, StatedAs
from kakehashi.sources.format import Reading
from kakehashi.sources.prowler.edition import NAME, About
from kakehashi.sources.prowler.items import Check, Item, plain
from kakehashi.sources.spelling import escaped, slug
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

SERVICE: Final = "Service"
SCORE_PREDICATES: Final = {
    "protect": "protects-against",
    "detect": "detects-technique",
    "respond": "responds-to-technique",
}
SCORE_VALUES: Final = ("minimal", "partial", "significant")

BAD_WORD = Text(
    "{key} の「{word}」は知られていない語です。使えるのは {known} です。",
    "'{word}' is no known word for {key}; known are {known}.",
)
NO_SERVICE = Text(
    "評価の対象のサービスがありません。「…Service」のキーに名前を書いてください。",
    "The service that is scored is missing. Name it under a key that ends in 'Service'.",
)


class Score(Struct, frozen=True):
    """How a service is scored against a technique: in which category, with which value, and why."""

    service: str
    category: str
    value: str
    comment: str


class ThreatWriter:
    """Turns the requirements of one document on threats into records."""

    def __init__(self, about: About, reading: Reading, state: Callable[..., None], check_id: Callable[[Check], str]) -> None:
        self.about, self.reading, self.state, self.check_id = about, reading, state, check_id
        self.source = about.source

    def write(self, found: Iterable[Item]) -> None:
        """Add the links of checks and the scores of services."""
        requirements = list(found)
        self._tie(requirements)
        self._score(requirements)

    def _tie(self, found: list[Item]) -> None:
        """Which check is tied to which technique: how it works against it is not said."""
        mapping_set = self._set("Checks", sum(len(item.checks) for item in found))
        detail = self._detail(mapping_set, Score("", "Checks", "", ""))
        for item in found:
            for check in dict.fromkeys(item.checks):
                self.state(self.check_id(check), "addresses-threat", item.end, note=item.title, mapping=detail)

    def _score(self, found: list[Item]) -> None:
        """How services are scored; many comments are CTID's own, so this is no second opinion beside CTID's mapping."""
        rows = [(item, place, attribute) for item in found for place, attribute in item.places()]
        self.reading.count("service scores", len(rows))
        mapping_set = self._set("Services", len(rows)) if rows else ""
        services: dict[str, str] = {}
        for item, place, attribute in rows:
            score = self._read(attribute, place)
            if score is not None:
                service = f"{NAME}-service/{slug(self.about.provider or 'all')}/{escaped(score.service)}"
                services[service] = score.service
                predicate = SCORE_PREDICATES[score.category.lower()]
                self.state(service, predicate, item.end, note=item.title, mapping=self._detail(mapping_set, score))
        for identifier, name in services.items():
            self.reading.add(Resource(id=identifier, kind="product", labels=self._labels(name), source=self.source.id))

    def _read(self, attribute: Mapping[str, Any], place: Place) -> Score | None:
        """A score; None and a fault where it has no service, or an unknown word."""
        named = (plain(value) for key, value in attribute.items() if key.endswith(SERVICE))
        texts = {key: plain(attribute.get(key)) or "" for key in ("Category", "Value", "Comment")}
        score = Score(next(filter(None, named), ""), texts["Category"], texts["Value"], texts["Comment"])
        known = len(self.reading.faults)
        if not score.service:
            self.reading.fault(place, NO_SERVICE)
        for key, word, words in (("Category", score.category, tuple(SCORE_PREDICATES)), ("Value", score.value, SCORE_VALUES)):
            if word.lower() not in words:
                self.reading.fault(place, BAD_WORD(key=key, word=word[:40], known=", ".join(words)))
        return score if len(self.reading.faults) == known else None

    def _set(self, name: str, rows: int) -> str:
        """The id of a mapping set, which is described; the file has one title for both, so each has its own key beside it."""
        identifier = f"mapping-set/{NAME}-{self.about.identity}-{name.lower()}"
        label = Label(language=self.about.language, text=f"{self.source.labels[0].text} – {name}", ours=True)
        self.reading.add(Resource(id=identifier, kind="mapping-set", labels=(label,), source=self.source.id))
        self.reading.add(
            MappingSet(
                id=identifier, source=self.source.id, stated_as=StatedAs.SOURCE_TO_TARGET, rows=rows,
                object_edition=self.about.work.edition,
            )
        )  # fmt: skip
        return identifier

    def _detail(self, mapping_set: str, score: Score) -> MappingDetail:
        return MappingDetail(
            mapping_set=mapping_set, verbatim=score.category, justification=SEMAPV + "UnspecifiedMatching",
            status=MappingStatus.PUBLISHED, strength=score.value or None, rationale=self._labels(score.comment),
        )  # fmt: skip

    def _labels(self, text: str) -> tuple[Label, ...]:
        return (Label(language=self.about.language, text=text),) if text else ()
