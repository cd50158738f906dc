"""One control, many spellings: how a notation, however a file writes it, becomes the last part of a provision's id.

A spelling never joins two provisions that a publisher tells apart. What it does not understand it passes on, escaped: it then
names a provision that nobody defines, which is reported as a dangling reference.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

MAX_TOKEN: Final = 100
MAX_SLUG: Final = 60

_SAFE: Final = re.compile(r"[A-Za-z0-9._()-]")
_PLAIN: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._()-]{{0,{MAX_TOKEN - 1}}}")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9.]+")
_NIST_CONTROL: Final = re.compile(
    r"(?P<family>[a-z]{2})[-_ ]?0*(?P<control>[0-9]+)"
    r"(?:\s*[-_.]?\s*\(\s*0*(?P<bracketed>[0-9]+)\s*\)|[._]0*(?P<dotted>[0-9]+))?"
    r"(?P<part>_(?:smt|gdn|obj|asm|fr)(?:[._-][a-z0-9.()_-]+)?)?"
)
_CSF_1_1: Final = re.compile(r"(?P<function>[a-z]{2})(?:[._-](?P<category>[a-z]{2})(?:[-_.]0*(?P<number>[0-9]+))?)?")
_CSF_2_0: Final = _CSF_1_1
_DOTTED: Final = re.compile(r"(?P<letters>[a-z]{1,3})[ ._-]?(?P<numbers>[0-9]+(?:[._][0-9]+)*)")
_TECHNIQUE: Final = re.compile(r"(?P<kind>t|ta|m|s|g|da|ds|c)(?P<number>[0-9]{4})(?:[._/](?P<sub>[0-9]{3}))?")

# The categories of CSF 2.0 that stand under one function only; "co" stands under two (RS.CO and RC.CO) and is never guessed.
_CSF_2_0_FUNCTIONS: Final = {
    **dict.fromkeys(("oc", "rm", "rr", "po", "ov", "sc"), "gv"), **dict.fromkeys(("am", "ra", "im"), "id"),
    **dict.fromkeys(("aa", "at", "ds", "ps", "ir"), "pr"), **dict.fromkeys(("cm", "ae"), "de"),
    **dict.fromkeys(("ma", "an", "mi"), "rs"), "rp": "rc",
}  # fmt: skip
_CSF_2_0_CATEGORY: Final = re.compile(r"(?P<category>[a-z]{2})_0*(?P<number>[0-9]+)")


def folded(notation: str) -> str:
    """A notation as it is compared: compatibility forms, width, case and edge whitespace do not matter."""
    return unicodedata.normalize("NFKC", notation).strip().casefold()


def escaped(notation: str) -> str:
    """A notation as part of an id: what an id may not hold stands as ~ and the hex of its UTF-8; two never become one."""
    if _PLAIN.fullmatch(notation):
        return notation
    text = "".join(char if _SAFE.fullmatch(char) else _escape(char) for char in unicodedata.normalize("NFC", notation))
    if not text[:1].isalnum():
        text = "x~" + text
    if len(text) <= MAX_TOKEN:
        return text
    return f"{text[: MAX_TOKEN - 17].rstrip('~')}~{hashlib.sha256(notation.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _escape(char: str) -> str:
    return "".join(f"~{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))


def slug(text: str) -> str:
    """A name as part of an id: lower case, words joined by -; what is not ASCII, or too long, ends in a checksum."""
    plain = _NOT_SLUG.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip("-.")
    if plain and len(plain) <= MAX_SLUG and text.isascii():
        return plain
    return f"{plain[:MAX_SLUG].strip('-.') or 'x'}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _nist_800_53(notation: str) -> str | None:
    """AC-2(1), AC-2 (1), ac-2.1, ac-2-(1), ac_2_1, AC-02(01): ac-2.1; ra-5_smt.a stays; a bare family: ac."""
    text = folded(notation)
    if re.fullmatch("[a-z]{2}", text):
        return text
    found = _NIST_CONTROL.fullmatch(text)
    if found is None:
        return None
    enhancement = found["bracketed"] or found["dotted"]
    return f"{found['family']}-{found['control']}" + (f".{enhancement}" if enhancement else "") + (found["part"] or "")


def _csf_1_1(notation: str) -> str | None:
    """ID.GV-1, id.gv-01: id.gv-1; ID.GV: id.gv; ID: id."""
    found = _CSF_1_1.fullmatch(folded(notation))
    return None if found is None else _csf(found, width=1)


def _csf_2_0(notation: str) -> str | None:
    """GV.OC-01, gv.oc-1, oc_1: gv.oc-01; a category alone finds its function where it has only one."""
    text = folded(notation)
    short = _CSF_2_0_CATEGORY.fullmatch(text)
    if short is not None:
        function = _CSF_2_0_FUNCTIONS.get(short["category"])
        return f"{function}.{short['category']}-{int(short['number']):02}" if function else None
    found = _CSF_2_0.fullmatch(text)
    return None if found is None else _csf(found, width=2)


def _csf(found: re.Match[str], width: int) -> str:
    category = f".{found['category']}" if found["category"] else ""
    number = f"-{int(found['number']):0{width}}" if found["number"] else ""
    return f"{found['function']}{category}{number}"


def _iso_clause(notation: str) -> str | None:
    """A.5.1, a.5.1, A5.1, A 5.1: a.5.1; a clause of the body (5.1) keeps its number, and is another provision."""
    text = folded(notation)
    if re.fullmatch(r"[0-9]+(\.[0-9]+)*|a|core", text):
        return text
    return _letters_and_numbers(text)


def _iso_42001(notation: str) -> str | None:
    """iso-iec-42001_B-2-2, B.2.2: b.2.2; iso-iec-42001_4-1, 4.1: 4.1."""
    return _iso_clause(folded(notation).removeprefix("iso-iec-42001_").replace("-", "."))


def _pci_dss(notation: str) -> str | None:
    """PCI-8.3.1, 8.3.1: 8.3.1; A1.1.2: a1.1.2."""
    return _caseless(folded(notation).removeprefix("pci-"))


def _soc_2(notation: str) -> str | None:
    """CC1.3, cc_1_3, CC 1.3: cc1.3."""
    found = _DOTTED.fullmatch(folded(notation))
    return None if found is None else f"{found['letters']}{found['numbers'].replace('_', '.')}"


def _letters_and_numbers(text: str) -> str | None:
    found = _DOTTED.fullmatch(text)
    return None if found is None else f"{found['letters']}.{found['numbers'].replace('_', '.')}"


def _attack(notation: str) -> str | None:
    """T1566.001, t1566/001: T1566.001; TA0001, M1036 alike."""
    found = _TECHNIQUE.fullmatch(folded(notation))
    if found is None:
        return None
    return f"{found['kind'].upper()}{found['number']}" + (f".{found['sub']}" if found["sub"] else "")


def _caseless(notation: str) -> str | None:
    """A numbering in which case does not matter."""
    return escaped(re.sub(r"\s+", " ", folded(notation)))


def _title(notation: str) -> str | None:
    """A work that has titles instead of numbers; case, spaces and punctuation do not matter."""
    return slug(notation)


SPELLINGS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "nist-800-53": _nist_800_53,
    "nist-csf-1.1": _csf_1_1,
    "nist-csf-2.0": _csf_2_0,
    "iso-clause": _iso_clause,
    "iso-42001": _iso_42001,
    "pci-dss": _pci_dss,
    "soc-2": _soc_2,
    "attack": _attack,
    "caseless": _caseless,
    "title": _title,
    "as-written": escaped,
}
"""How each sort of framework writes its notations; None where a notation is not of that sort."""


def spelled(spelling: str, notation: str) -> str | None:
    """A notation as its sort of framework writes it; None where it is not of that sort, or longer than any is."""
    return SPELLINGS[spelling](notation) if len(notation) <= MAX_TOKEN or spelling == "as-written" else None


def token(spelling: str, notation: str) -> str:
    """The last part of a provision's id; a notation that the spelling does not know stays as it is, escaped."""
    return spelled(spelling, notation) or escaped(notation.strip())
