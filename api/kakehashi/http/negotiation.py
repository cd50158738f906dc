"""What HTTP asks with its headers: which media type to answer with, and whether the asker has the answer already (RFC 9110)."""

from collections.abc import Sequence


def negotiate(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the Accept header likes best, the earlier offer where it likes two alike; None where it takes none.

    Without the header, and where it is empty, the first offer.
    """
    ranges = [_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    weighted = [(_weight(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    weight, _, best = max(weighted)
    return best if weight > 0 else None


def weight_of(word: str, header: str) -> float:
    """How much a header of weighted words, as Accept-Encoding is, likes one: its own weight, else that of `*`, else 0."""
    weights = dict(_range(part) for part in header.split(",") if part.strip())
    return weights.get(word, weights.get("*", 0.0))


def _range(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((value for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "q"), "1")
    try:
        return media_type.lower(), float(weight)
    except ValueError:
        return media_type.lower(), 0.0


def _weight(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that matches."""
    main = offer.partition("/")[0]
    for pattern in (offer, f"{main}/*", "*/*"):
        weights = [weight for media_type, weight in ranges if media_type == pattern]
        if weights:
            return max(weights)
    return 0.0


def is_named(etag: str, header: str | None) -> bool:
    """Whether If-None-Match names the ETag (RFC 9110, section 13.1.2: compared weakly)."""
    named = {one.strip().removeprefix("W/") for one in (header or "").split(",")}
    return etag in named or "*" in named
