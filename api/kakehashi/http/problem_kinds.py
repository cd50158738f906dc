"""The kinds of problems: each code of a failure with the address that RFC 9457's `type` is, which leads to its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.graphql.error_codes import CODES
from kakehashi.vocabulary.text import ErrorCode, Text

PATH: Final = "/problems"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem."""

    code: str
    title: Text
    meaning: Text

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.code.lower().replace("_", "-")

    @property
    def address(self) -> str:
        """Its `type`: a reference within the server, which leads to the kind's description."""
        return f"{PATH}/{self.name}"


KINDS: Final[Mapping[str, Kind]] = {code: Kind(code, one.title, one.meaning) for code, one in CODES.items()}


def kind_of(code: str) -> Kind:
    """The kind of a code; what has none of its own is a request that cannot be answered as it is."""
    return KINDS.get(code, KINDS[ErrorCode.BAD_USER_INPUT])
