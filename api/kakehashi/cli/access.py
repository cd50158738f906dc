"""Who may ask a server: the keys of a home, and the issuer that the settings name."""

from typing import TYPE_CHECKING, Final

from kakehashi.cli.app import private_repository_for
from kakehashi.cli.settings import Settings
from kakehashi.http.keys import KeyBook
from kakehashi.snapshot.home import Home
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

if TYPE_CHECKING:
    from kakehashi.http.access import Access
    from kakehashi.http.receiving import ImportOptions
    from kakehashi.http.tokens import Issuer

HALF_AN_ISSUER: Final = Text(
    "トークンを受け付けるには、KAKEHASHI_OIDC_ISSUER、KAKEHASHI_OIDC_AUDIENCE、KAKEHASHI_OIDC_JWKS_URLの三つが必要です。",
    "To take tokens, set all three: KAKEHASHI_OIDC_ISSUER, KAKEHASHI_OIDC_AUDIENCE and KAKEHASHI_OIDC_JWKS_URL.",
)


def keys_of(home: Home) -> KeyBook:
    """The keys: below the home, or in the folder that KAKEHASHI_KEYS names."""
    return KeyBook(Settings().keys or home.root / "keys")


def access_of(home: Home, imports: "ImportOptions | None" = None) -> "Access":
    """Who may ask what of a server of the home, and where it keeps what is sent in."""
    from kakehashi.http.access import Access  # noqa: PLC0415 - brings a web framework, which only a server needs
    from kakehashi.http.scopes import EVERYBODYS  # noqa: PLC0415
    from kakehashi.http.tokens import Tokens  # noqa: PLC0415

    issuer = _issuer(Settings())
    return Access(
        keys_of(home), None if issuer is None else Tokens(issuer), EVERYBODYS if Settings().anonymous_read else frozenset(),
        private_repository_for(home), imports,
    )  # fmt: skip


def _issuer(settings: Settings) -> "Issuer | None":
    from kakehashi.http.tokens import Issuer  # noqa: PLC0415 - see `access_of`

    issuer, audience, url = settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url
    if issuer is None and audience is None and url is None:
        return None
    if not (issuer and audience and url):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, HALF_AN_ISSUER)
    return Issuer(
        issuer=issuer, audience=audience, keys_url=url, leeway=settings.oidc_leeway,
        algorithms=tuple(name.strip() for name in settings.oidc_algorithms.split(",")),
        scopes_claim=settings.oidc_scopes_claim, organisations_claim=settings.oidc_organisations_claim,
    )  # fmt: skip
