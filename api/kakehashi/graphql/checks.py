"""What a question says is had is checked here: each id, and whether what is said of certificates can be true together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from heapq import nlargest
from itertools import takewhile
from operator import eq
from typing import Final

from kakehashi.crosswalk.given import Certificate
from kakehashi.crosswalk.meanings import SATISFYING_CLASSES, SCHEME_CLASSES
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text, shown

PLAN: Final = "licence-plan"
NAMED: Final = 20
NEAR: Final = 3
COMPARED: Final = 2000
"""How many ids and names an unknown id is compared with: those that begin most like it."""

BAD_GIVEN = Text(
    "givenに使えないIDがあります: {ids}。productsには製品、plansにはライセンスプラン、controlsには製品または働き・契約条件、"
    "certificatesのschemeには認証制度か規格を指定してください。",
    "given names what cannot be given so: {ids}. products takes products; plans takes licence plans; controls takes products, "
    "capabilities and contract terms; a certificate's scheme is a certification scheme or a standard.",
)
_NEAR = Text("近いもの: {near}", "did you mean {near}?")
_IS_PLAN = Text("ライセンスプランです。plansに指定してください", "a licence plan: give it in plans")
_NO_PLAN = Text("プランではなく製品です。productsに指定してください", "no plan but a product: give it in products")
BAD_VALIDITY = Text(
    "証明書「{scheme}」の有効期間の終わりが始まりより前です。", "The certificate '{scheme}' ends before it begins."
)
TWO_ENDS = Text(
    "同じ証明書について有効期間の終わりが二通り示されています: {scheme} ({first}と{second})。どちらか一方にしてください。",
    "One certificate is given with two last days: {scheme} ({first} and {second}). Give it once.",
)
NOT_ITS_EDITION = Text(
    "「{edition}」は認証「{scheme}」の規格({standards})の版ではありません。",
    "'{edition}' is no edition of what '{scheme}' certifies to ({standards}).",
)


@dataclass(frozen=True, slots=True)
class Naming:
    """What a question names, list by list."""

    products: Sequence[str]
    plans: Sequence[str]
    controls: Sequence[str]
    certificates: Sequence[Certificate]


def check_named(naming: Naming, snapshot: Snapshot) -> None:
    """An error that names every id that does not exist or cannot be given in its list, the first with those that are near."""
    wrong = sorted(set(_wrong(naming, _Lists(snapshot))))
    if wrong:
        told = [_told(snapshot, *one, suggest=place == 0) for place, one in enumerate(wrong[:NAMED])]
        ids = Text("、".join(one.ja for one in told), ", ".join(one.en for one in told))
        raise _refused(Text(BAD_GIVEN.ja.format(ids=ids.ja), BAD_GIVEN.en.format(ids=ids.en)))


def check_certificates(certificates: Sequence[Certificate], snapshot: Snapshot) -> None:
    """An error where a certificate ends before it begins, is of an edition that its scheme is not, or contradicts another."""
    for one in certificates:
        if one.valid_from is not None and one.valid_to is not None and one.valid_to < one.valid_from:
            raise _refused(BAD_VALIDITY(scheme=one.scheme))
        standards = _standards(one.scheme, snapshot)
        if one.edition is not None and standards and snapshot.editions[one.edition].framework not in standards:
            raise _refused(NOT_ITS_EDITION(edition=one.edition, scheme=one.scheme, standards=", ".join(standards)))
    for scheme, ends in _ends(certificates):
        if len(ends) > 1:
            raise _refused(TWO_ENDS(scheme=scheme, first=min(ends), second=max(ends)))


def _ends(certificates: Iterable[Certificate]) -> Iterator[tuple[str, frozenset[date]]]:
    """The last days that are told of one and the same certificate, with its scheme: a renewal begins on another day."""
    found: dict[Certificate, set[date]] = defaultdict(set)
    for one in certificates:
        if one.valid_to is not None:
            found[replace(one, valid_to=None)].add(one.valid_to)
    yield from ((one.scheme, frozenset(ends)) for one, ends in found.items())


def _standards(scheme: str, snapshot: Snapshot) -> tuple[str, ...]:
    """The standards that a certificate of a scheme is against; none where nobody says."""
    linked = (link.target for link in snapshot.index.same_scheme.get(scheme, ()))
    return tuple(sorted(one for one in {scheme, *linked} if snapshot.classes[one] == "Framework"))


class _Lists:
    """What can be given in each list."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot, self._classes = snapshot, snapshot.classes

    def takes(self, name: str, identifier: str) -> bool:
        """Whether a list takes an id."""
        core_class = self._classes.get(identifier)
        match name:
            case "products":
                return core_class == "Product" and not self.is_plan(identifier)
            case "plans":
                return self.is_plan(identifier)
            case "controls":
                return core_class in SATISFYING_CLASSES
            case "scheme":
                return core_class in SCHEME_CLASSES
            case "edition":
                return identifier in self._snapshot.editions
        return core_class is not None

    def is_plan(self, identifier: str) -> bool:
        """Whether an id is that of a licence plan."""
        return identifier in self._classes and self._snapshot.resources[identifier].kind == PLAN


def _wrong(naming: Naming, lists: _Lists) -> Iterator[tuple[str, str]]:
    for name, ids in _named(naming):
        yield from ((name, one) for one in ids if not lists.takes(name, one))


def _named(naming: Naming) -> Iterator[tuple[str, Iterable[str]]]:
    yield from (("products", naming.products), ("plans", naming.plans), ("controls", naming.controls))
    for one in naming.certificates:
        yield from (("scheme", (one.scheme,)), ("scope", one.scope))
        yield from ((name, (found,)) for name in ("product", "holder", "edition") if (found := getattr(one, name)) is not None)


def _told(snapshot: Snapshot, name: str, identifier: str, *, suggest: bool) -> Text:
    """A wrong id with its list, and what was probably meant."""
    lists, told = _Lists(snapshot), shown(identifier[:80])
    hint = _hint(snapshot, lists, name, identifier, suggest=suggest)
    if hint is None:
        return Text(f"{told}（{name}）", f"{told} ({name})")
    return Text(f"{told}（{name}。{hint.ja}）", f"{told} ({name}; {hint.en})")


def _hint(snapshot: Snapshot, lists: _Lists, name: str, identifier: str, *, suggest: bool) -> Text | None:
    if lists.is_plan(identifier):
        return _IS_PLAN
    if name == "plans" and lists.takes("products", identifier):
        return _NO_PLAN
    if not suggest:
        return None
    near = _near(identifier, [one for one in snapshot.resources if lists.takes(name, one)], snapshot)
    return _NEAR(near=", ".join(near)) if near else None


def _near(identifier: str, allowed: Iterable[str], snapshot: Snapshot) -> list[str]:
    """The allowed ids that are spelled, in whole or in their last part, or whose names are, most like an unknown one."""
    spelled = {one.casefold(): one for one in allowed}
    named = {label.text.casefold(): one for one in spelled.values() for label in snapshot.resources[one].labels}
    last_parts = {one.rpartition("/")[2]: identifier for one, identifier in spelled.items()}
    known = named | last_parts | spelled
    wanted = identifier[:80].casefold()
    compared = nlargest(COMPARED, known, key=lambda one: _alike(one, wanted))
    found = get_close_matches(wanted, compared, n=NEAR)
    return list(dict.fromkeys(known[one] for one in found))


def _alike(one: str, other: str) -> int:
    """How many letters two words have in common from the beginning."""
    return sum(takewhile(bool, map(eq, one, other)))


def _refused(text: Text) -> KakehashiError:
    return KakehashiError(ErrorCode.BAD_USER_INPUT, text)
