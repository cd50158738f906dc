"""The plot of docs/candidates.svg: average precision table by table, and what was predicted against what was listed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

WIDTH, HEIGHT = 1180, 520
INK, FAINT = "#1f2933", "#d5dbe1"
STYLES: Final = (("#0b5cad", 6.5), ("#d9730d", 5.0), ("#8a6d3b", 4.0), ("#7b8794", 4.0), ("#ffffff", 3.5))
"""Colour and radius of each ranking, the estimator first; the last is an open circle."""

LEFT, TOP, ROW = 300, 96, 28
SPAN: Final = 380
MOST: Final = 0.6
"""Where the axis of precision ends."""

SQUARE_LEFT, SQUARE_TOP, SQUARE = 780, 96, 364


def figure(names: Sequence[str], precisions: Mapping[str, Sequence[float]], bins: Sequence[tuple[float, float, int]]) -> str:
    """The plot as SVG: by ranking its average precision on each named table, and bins of mean probability, listed share, size."""
    body = "\n".join((*_precision_panel(names, precisions), *_calibration_panel(bins)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="{INK}" role="img">\n'
        "<title>Candidates: average precision on each held-out table, and calibration</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _precision_panel(names: Sequence[str], precisions: Mapping[str, Sequence[float]]) -> Iterator[str]:
    bottom = TOP + ROW * len(names)
    yield _text(26, 28, "Average precision on each table, its two works held out", weight="bold")
    yield from _legend(list(precisions))
    for tick in range(7):
        x = _across(tick / 10)
        yield _line(x, TOP - 8, x, bottom, FAINT)
        yield _text(x, bottom + 20, f"{tick / 10:.1f}", anchor="middle")
    for number, name in enumerate(names):
        y = TOP + ROW * number + ROW / 2
        yield _line(LEFT, y, LEFT + SPAN, y, "#eef1f4")
        yield _text(LEFT - 12, y + 4, name, anchor="end", size=12)
        marks = [(values[number], *style) for values, style in zip(precisions.values(), STYLES, strict=True)]
        yield from (_dot(_across(value), y, colour, radius) for value, colour, radius in reversed(marks))


def _legend(rankings: Sequence[str]) -> Iterator[str]:
    for number, (ranking, (colour, radius)) in enumerate(zip(rankings, STYLES, strict=True)):
        x, y = 32 + 220 * (number % 3), 54 + 20 * (number // 3)
        yield _dot(x, y, colour, radius)
        yield _text(x + 12, y + 4, ranking)


def _calibration_panel(bins: Sequence[tuple[float, float, int]]) -> Iterator[str]:
    most = max(max(told, seen) for told, seen, _ in bins) * 1.1
    base = SQUARE_TOP + SQUARE
    yield _text(SQUARE_LEFT, 84, "First 5 n candidates of each table, together", weight="bold")
    yield f'<rect x="{SQUARE_LEFT}" y="{SQUARE_TOP}" width="{SQUARE}" height="{SQUARE}" fill="none" stroke="{FAINT}"/>'
    yield _line(SQUARE_LEFT, base, SQUARE_LEFT + SQUARE, SQUARE_TOP, "#9aa5b1", dashed=True)
    for tick in (step / 10 for step in range(int(most * 10) + 1)):
        place = tick / most * SQUARE
        yield _text(SQUARE_LEFT + place, base + 20, f"{tick:.1f}", anchor="middle")
        yield _text(SQUARE_LEFT - 8, base - place + 4, f"{tick:.1f}", anchor="end")
    yield _text(SQUARE_LEFT + SQUARE / 2, base + 44, f"mean probability given (bins of {bins[0][2]:,})", anchor="middle")
    yield _text(SQUARE_LEFT + 10, SQUARE_TOP + 20, "share that the table lists")
    for told, seen, _ in bins:
        x, y = SQUARE_LEFT + told / most * SQUARE, base - seen / most * SQUARE
        yield _dot(x, y, STYLES[0][0], 6)


def _across(value: float) -> float:
    return LEFT + value / MOST * SPAN


def _dot(x: float, y: float, colour: str, radius: float) -> str:
    edge = "#52606d" if colour == "#ffffff" else "#ffffff"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="{edge}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, *, dashed: bool = False) -> str:  # noqa: PLR0913
    dashes = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{dashes}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, weight: str = "normal") -> str:  # noqa: PLR0913
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}">{text}</text>'
