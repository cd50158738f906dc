"""Tables that fit the terminal: how wide each column is, and where its lines break.

Rich breaks a long word wherever the line ends. Japanese has no spaces, so that every sentence is such a word; and an id that is
cut in two cannot be copied.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

NOT_FIRST: Final = frozenset("、。，．・：；！？）］｝」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;!?)]}")
"""What begins no line (JIS X 4051, line-start prohibition)."""
NOT_LAST: Final = frozenset("（［｛「『【〔〈《([{")
"""What ends no line (JIS X 4051, line-end prohibition)."""
LONGEST_WHOLE: Final = 36
"""A column is made no wider than this for the sake of one word."""
SHORT: Final = 12
"""What is no wider than this is not broken, if there is room: a column of states or numbers."""
TIGHT: Final = 16
"""Down to this the other columns give way to the first."""

_PIECE: Final = re.compile(r"\s+|[\u2e80-\uffef]|[^\s\u2e80-\uffef]+")
_PARTS: Final = re.compile(r"[^/_]*[/_]+|[^/_]+")
"""An id is cut behind its slashes and underscores, if it has to be."""


def fitted(rows: Sequence[Sequence[Text]], room: int) -> tuple[tuple[int, ...], list[list[Text]]]:
    """The width of each column, together no more than `room` cells, and the rows with their lines broken to fit."""
    columns = list(zip(*rows, strict=True))
    most = [max(_widest(cell.plain.split("\n")) for cell in column) for column in columns]
    words = [max(_widest(_pieces(cell.plain)) for cell in column) for column in columns]
    least = [min(wanted, LONGEST_WHOLE, max(word, SHORT)) for wanted, word in zip(most, words, strict=True)]
    widths = _shared(most, least, room)
    return widths, [[broken(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]


def broken(text: Text, width: int) -> Text:
    """A text with its lines broken so that none is wider, between words and between Japanese letters."""
    lines = (part for line in text.split("\n", allow_blank=True) for part in line.divide(list(_breaks(line.plain, width))))
    return Text("\n").join([_trimmed(line) for line in lines])


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line


def _shared(most: Sequence[int], least: Sequence[int], room: int) -> tuple[int, ...]:
    """What each column gets: all that it wants, or its longest word and a share of what is left.

    Where not even the words have room, the widest gives way, but the first, which has the ids of the rows, after the others.
    """
    if sum(most) <= room:
        return tuple(most)
    widths = list(least)
    while sum(widths) > room and max(widths) > 1:
        others = [width if place and width > TIGHT else 0 for place, width in enumerate(widths)]
        widths[others.index(max(others)) if max(others) else widths.index(max(widths))] -= 1
    spare, wanted = room - sum(widths), [many - few for many, few in zip(most, widths, strict=True)]
    shares = [max(spare, 0) * want // (sum(wanted) or 1) for want in wanted]
    return tuple(width + share for width, share in zip(widths, shares, strict=True))


def _breaks(line: str, width: int) -> Iterator[int]:
    """The places, in letters, at which a line breaks."""
    place, used = 0, 0
    for piece in (part for whole in _pieces(line) for part in _parts(whole, width)):
        if used and used + cell_len(piece.rstrip()) > width:
            yield place
            used = 0
        place, used = place + len(piece), used + cell_len(piece)


def _pieces(line: str) -> list[str]:
    """What is not to be broken: a word with the space behind it, or a Japanese letter, with the marks that belong to it."""
    found: list[str] = []
    for piece in _PIECE.findall(line):
        before = found[-1][-1] if found else " "
        if found and (piece.isspace() or before in NOT_LAST or (piece[0] in NOT_FIRST and not before.isspace())):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _parts(piece: str, width: int) -> Iterator[str]:
    """A piece that is too wide for a line in parts: behind slashes and underscores, else anywhere."""
    if cell_len(piece.rstrip()) <= width:
        yield piece
        return
    for part in _PARTS.findall(piece):
        if cell_len(part.rstrip()) <= width:
            yield part
        else:
            yield from part


def _widest(texts: Sequence[str]) -> int:
    return max((cell_len(text.rstrip()) for text in texts), default=0)
