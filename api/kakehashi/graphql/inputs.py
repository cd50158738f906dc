"""What a question says of the asker: the view, and what is given. Ids are checked here, all at once."""

from datetime import date
from typing import Annotated, Final

import strawberry

from kakehashi.crosswalk.acceptance import MAX_HOPS
from kakehashi.crosswalk.given import Certificate, Given, View, everything
from kakehashi.crosswalk.what_if import WhatIf
from kakehashi.graphql.checks import Naming, check_certificates, check_named
from kakehashi.graphql.context import Context
from kakehashi.graphql.what_if import changed
from kakehashi.records.model import Edition
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_GIVEN: Final = 1000
DEFAULT_AUTHORITY: Final = Authority.VENDOR

BOTH_AUTHORITIES = Text(
    "minAuthorityとauthoritiesは同時に指定できません。どちらか一方にしてください。",
    "Give either minAuthority or authorities, not both.",
)
TOO_MANY = Text(
    "givenには、証明書のscopeのIDを含めて{limit}件まで指定できます。",
    "given takes at most {limit} items, the ids in certificates' scopes included.",
)
UNKNOWN_EDITION = Text("「{id}」という版はありません。", "There is no edition '{id}'.")
UNKNOWN_REQUIREMENT = Text("「{id}」はどの版の条項でもありません。", "'{id}' is no provision of any edition.")
UNKNOWN_MATRIX = Text("「{id}」という表はありません。あるのは {known} です。", "There is no matrix '{id}'. There are: {known}.")
HOPS = Text(
    "maxHopsは1から{limit}まででなければなりません。{hops}は指定できません。",
    "maxHops must lie between 1 and {limit}; {hops} does not.",
)
SAME_EDITION = Text(
    "sourceとtargetが同じ版「{id}」です。異なる二つの版を指定してください。",
    "source and target are the same edition, '{id}'. Give two different ones.",
)
SAME_END = Text(
    "sourceとtargetが同じ「{id}」です。異なる二つを指定してください。",
    "source and target are the same, '{id}'. Give two different ones.",
)
UNKNOWN_END = Text("「{id}」というものはありません。", "There is nothing with the id '{id}'.")

MaxHops = Annotated[
    int,
    strawberry.argument(
        description="The longest chain of statements, 1 to 4. Longer chains prove more; they may show a contradiction too, whose "
        "statements are then set aside at that length, with what rested on them."
    ),
]


@strawberry.input(description="On whose word, and at what date, to answer.")
class ViewInput:
    """A view. Without one: every authority down to VENDOR, today in Tokyo."""

    min_authority: Authority | None = strawberry.field(
        default=None,
        description="The weakest authority that counts. VENDOR unless said: drafts and inferences are off.",
    )
    authorities: list[Authority] | None = strawberry.field(
        default=None, description="Exactly the authorities that count, instead of minAuthority."
    )
    as_of: date | None = strawberry.field(
        default=None,
        description="The day that validity is judged at: that of certificates, of products and schemes that have ended, and of "
        "editions. Today in Asia/Tokyo unless said. Statements carry no validity of their own, so that in crosswalks it changes "
        "nothing.",
    )


@strawberry.input(description="An issued certificate that someone holds.")
class CertificateInput:
    """A certificate."""

    scheme: strawberry.ID = strawberry.field(description="Its scheme, or the standard that it is issued against.")
    product: strawberry.ID | None = strawberry.field(default=None, description="The product that it is for.")
    holder: strawberry.ID | None = strawberry.field(default=None, description="Who holds it.")
    edition: strawberry.ID | None = strawberry.field(default=None, description="The edition that it is issued against.")
    scope: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The provisions or editions that it is limited to; none means that it states no limit.",
    )
    valid_from: date | None = strawberry.field(default=None, description="Its first day.")
    valid_to: date | None = strawberry.field(default=None, description="Its last day.")


@strawberry.input(description="What is added to what is given, to see what would be different.")
class AddedInput:
    """What is added."""

    products: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Products; each brings its capabilities and contract terms, whatever plan they need."
    )
    plans: list[strawberry.ID] | None = strawberry.field(default=None, description="Licence plans; each brings what it includes.")
    controls: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Single capabilities, contract terms or products."
    )
    certificates: list[CertificateInput] | None = strawberry.field(default=None, description="Certificates.")


@strawberry.input(description="What an organisation has. Nothing said means nothing given.")
class GivenInput:
    """What is given."""

    products: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Products; each brings its capabilities and contract terms, whatever plan they need."
    )
    plans: list[strawberry.ID] | None = strawberry.field(default=None, description="Licence plans; each brings what it includes.")
    controls: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Single capabilities, contract terms or products that are in place."
    )
    certificates: list[CertificateInput] | None = strawberry.field(default=None, description="Certificates.")
    everything: bool | None = strawberry.field(
        default=None, description="All products, capabilities, terms and certificates that the release knows."
    )
    add: AddedInput | None = strawberry.field(default=None, description="What if: what is had besides.")
    remove: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="What if: the products, plans, controls and schemes that are given and taken away again; of a scheme every "
        "certificate. What another thing that is had brings cannot be taken away without that.",
    )


def view_of(view: ViewInput | None, context: Context, hops: int = 1) -> View:
    """The view that an input stands for, with chains of so many hops."""
    check_hops(hops, MAX_HOPS)
    view = view or ViewInput()
    as_of = view.as_of or context.today
    if view.authorities is not None:
        if view.min_authority is not None:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, BOTH_AUTHORITIES)
        return View(frozenset(view.authorities), as_of, hops)
    least = view.min_authority or DEFAULT_AUTHORITY
    return View(frozenset(authority for authority in Authority if authority.rank <= least.rank), as_of, hops)


def given_of(given: GivenInput | None, context: Context) -> Given:
    """What an input says is had; an error that names every id that cannot be."""
    if given is None:
        return Given()
    snapshot = context.snapshot
    stated = _stated(given, snapshot)
    whole = _joined(stated, everything(snapshot.index)) if given.everything else stated
    if given.add is None and not given.remove:
        return whole
    added = Given() if given.add is None else _stated(given.add, snapshot)
    return changed(whole, WhatIf(add=added, remove=frozenset(map(str, given.remove or ()))), context)


def _stated(given: GivenInput | AddedInput, snapshot: Snapshot) -> Given:
    products, plans, controls = list(given.products or ()), list(given.plans or ()), list(given.controls or ())
    certificates = list(given.certificates or ())
    in_scopes = sum(len(one.scope or ()) for one in certificates)
    if len(products) + len(plans) + len(controls) + len(certificates) + in_scopes > MAX_GIVEN:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_MANY(limit=MAX_GIVEN))
    held = tuple(map(_certificate, certificates))
    check_named(Naming(tuple(products), tuple(plans), tuple(controls), held), snapshot)
    check_certificates(held, snapshot)
    return Given(things=frozenset(map(str, products + plans + controls)), certificates=held)


def edition_of(identifier: str, snapshot: Snapshot) -> Edition:
    """The edition of an id; an error where there is none."""
    if identifier not in snapshot.editions:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_EDITION(id=identifier[:80]))
    return snapshot.editions[identifier]


def provision_of(identifier: str, snapshot: Snapshot) -> str:
    """The id of a provision; an error where it is none."""
    if identifier not in snapshot.edition_of:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_REQUIREMENT(id=identifier[:80]))
    return identifier


def two_editions(source: str, target: str, snapshot: Snapshot) -> tuple[Edition, Edition]:
    """Two different editions; an error where one does not exist, or both are the same."""
    found = edition_of(source, snapshot), edition_of(target, snapshot)
    if source == target:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, SAME_EDITION(id=source[:80]))
    return found


def two_ends(source: str, target: str, snapshot: Snapshot) -> tuple[str, str]:
    """Two different resources; an error where one does not exist, or both are the same."""
    for identifier in (source, target):
        if identifier not in snapshot.resources:
            raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_END(id=identifier[:80]))
    if source == target:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, SAME_END(id=source[:80]))
    return source, target


def check_hops(hops: int, limit: int) -> None:
    """An error where a question asks for longer chains than it can."""
    if not 1 <= hops <= limit:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, HOPS(hops=hops, limit=limit))


def _joined(first: Given, second: Given) -> Given:
    return Given(things=first.things | second.things, certificates=first.certificates + second.certificates)


def _certificate(certificate: CertificateInput) -> Certificate:
    return Certificate(
        scheme=certificate.scheme, product=certificate.product, holder=certificate.holder, edition=certificate.edition,
        scope=frozenset(map(str, certificate.scope or ())), valid_from=certificate.valid_from, valid_to=certificate.valid_to,
    )  # fmt: skip
