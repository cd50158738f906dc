"""The `mapping` sheet: one row a mapping; several numbers in a cell, a line each, stand for all of them together."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from kakehashi.records.canonical import plain
from kakehashi.records.model import Label
from kakehashi.records.values import StatedAs
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import Work
from kakehashi.sources.rows import MappingRow, RowWriter
from kakehashi.sources.spelling import folded
from kakehashi.sources.tables import Row, Table, rows_below
from kakehashi.sources.template.about import About
from kakehashi.sources.template.sheets import header_of
from kakehashi.sources.wording import CANDIDATE, predicate_of, rationale_of
from kakehashi.vocabulary.text import LANGUAGES, Text

_JAPANESE: Final[Mapping[str, str]] = {
    "等しい": "equal", "部分集合": "subset-of", "含まれる": "subset-of", "上位集合": "superset-of", "含む": "superset-of",
    "重なる": "intersects-with", "無関係": "no-relationship", "関連する": CANDIDATE,
}  # fmt: skip
_RATIONALES: Final[Mapping[str, str]] = {"文言": "syntactic", "意味": "semantic", "機能": "functional"}
_ID_MARK: Final = "id:"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9][A-Za-z0-9._~()-]*)*")
_SHARE: Final = re.compile(r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*(?P<percent>%)?")
MAX_ID: Final = 200

EMPTY = Text("列「{column}」が空です。", "The column '{column}' is empty.")
UNKNOWN_WORD = Text("関係「{word}」は使えません。使えるのは {known} です。", "'{word}' is no relation. Known relations: {known}.")
NOT_LISTED = Text(
    "「{notation}」は framework の表にありません。番号を確かめてください。",
    "'{notation}' is not in the framework table. Check the number.",
)
BAD_ID = Text("「{value}」はidとして使えません。", "'{value}' is no id.")
BAD_KIND = Text(
    "理由の種類「{word}」は使えません。使えるのは {known} です。", "'{word}' is no kind of rationale. Known: {known}."
)
BAD_CONFIDENCE = Text(
    "確信度「{value}」は使えません。0から1まで(例: 0.8)か、百分率(例: 80%)で書いてください。",
    "'{value}' is no confidence. Write it from 0 to 1 (0.8) or as a percentage (80%).",
)
WORDS: Final = ("equal", "subset of", "superset of", "intersects with", "no relationship", "related match", *_JAPANESE)


@dataclass(slots=True)
class MappingReader:
    """Reads mapping rows; the ends in the source's own edition must be among its provisions."""

    reading: Reading
    about: About
    provisions: Container[str]

    def read(self, table: Table) -> None:
        """Keep the rows and the mapping set."""
        found = header_of("mapping", table, self.reading)
        if found is None:
            return
        source = self.about.source
        mapping_set = source.id.replace("source/template", "mapping-set/template", 1)
        writer = RowWriter(self.reading, source, mapping_set, status=self.about.status)
        for row in rows_below(table, *found):
            self._row(row, writer)
        ends = self.about.subject, self.about.target
        for record in writer.records(source.labels, StatedAs.SOURCE_TO_TARGET, ends[0].edition, ends[1].edition):
            self.reading.add(record)

    def _row(self, row: Row, writer: RowWriter) -> None:
        self.reading.count("mapping rows")
        subjects, objects = self._ends(row, "subject", self.about.subject), self._ends(row, "object", self.about.target)
        predicate, confidence = self._predicate(row), self._confidence(row)
        word = row.text("rationale_kind")
        kind = rationale_of(_RATIONALES.get(folded(word), word))
        if word and kind is None:
            self.reading.fault(row.place, BAD_KIND(word=word[:80], known=", ".join((*_RATIONALES.values(), *_RATIONALES))))
        if subjects and objects and predicate:
            texts = [(language, row.text(f"rationale_{language}")) for language in LANGUAGES]
            mapping = MappingRow(
                subjects=subjects, predicate=predicate, objects=objects, verbatim=row.text("relation"), rationale_kind=kind,
                rationale=[Label(language=language, text=text) for language, text in texts if text],
                strength=row.text("strength") or None, confidence=confidence,
            )  # fmt: skip
            writer.write(mapping, row.place)

    def _ends(self, row: Row, column: str, work: Work) -> list[str]:
        cell = row.notation(column, self.reading)
        if cell is None:
            return []
        notations = [text for line in cell.splitlines() if (text := line.strip())]
        if not notations:
            self.reading.fault(row.place, EMPTY(column=column))
        ends = [self._end(notation, work, row) for notation in notations]
        return [end for end in ends if end is not None]

    def _end(self, notation: str, work: Work, row: Row) -> str | None:
        if notation.startswith(_ID_MARK):
            identifier = notation.removeprefix(_ID_MARK).strip()
            if _ID.fullmatch(identifier) and len(identifier) <= MAX_ID:
                return identifier
            self.reading.fault(row.place, BAD_ID(value=identifier[:80]))
            return None
        identifier = work.provision(plain(notation))
        if work is self.about.own and identifier not in self.provisions:
            self.reading.fault(row.place, NOT_LISTED(notation=notation[:80]))
            return None
        return identifier

    def _predicate(self, row: Row) -> str | None:
        word = row.text("relation")
        predicate = _JAPANESE.get(folded(word)) or predicate_of(word)
        if not word:
            self.reading.fault(row.place, EMPTY(column="relation"))
        elif predicate is None:
            self.reading.fault(row.place, UNKNOWN_WORD(word=word[:80], known=", ".join(WORDS)))
        return predicate

    def _confidence(self, row: Row) -> int | None:
        """Thousandths; Excel keeps 80% as 0.8."""
        text = folded(row.text("confidence"))
        found = _SHARE.fullmatch(text)
        if found is not None:
            share = Decimal(found["number"]) * (10 if found["percent"] else 1000)
            if 0 <= share <= 1000:
                return int(share.to_integral_value(ROUND_HALF_EVEN))
        if text:
            self.reading.fault(row.place, BAD_CONFIDENCE(value=row.text("confidence")[:80]))
        return None
