"""Private rows on the command line: whoever runs it in a home owns the home, and sees all of them."""

from typing import Final

from kakehashi.cli.app import private_repository_for
from kakehashi.cli.settings import Settings
from kakehashi.http.own_requests import is_this_machine
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import Private, load_private
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NOT_ALONE: Final = Text(
    "{host} では他の端末からも届くため、非公開の評価は配信できません。--hostを127.0.0.1などにするか、--private"
    "(KAKEHASHI_SERVE_PRIVATE)を外してください。",
    "Others reach {host}, so that private assessments are not served there. Listen on 127.0.0.1, or leave out --private "
    "(KAKEHASHI_SERVE_PRIVATE).",
)


def owned(home: Home) -> Private:
    """All private rows of a home."""
    return load_private(home.private, private_repository_for(home))


def private_rows(home: Home, host: str, *, turned_on: bool) -> Repository | None:
    """The private releases where `serve` is to answer from them; an error where others reach the host that it listens on."""
    if not (turned_on or Settings().serve_private):
        return None
    if not is_this_machine(host):
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOT_ALONE(host=host))
    return private_repository_for(home)
