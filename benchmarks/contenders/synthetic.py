"""No contender: copies of a corpus in the real formats, under other names, so that each is another publication.

A copy's name, which follows from a seed and its number, is worked into whatever identifies a source or a provision: urns, titles,
UUIDs, versions, addresses, ids. OpenCRE's folder, of which there can be one only, grows by as many renumbered CREs. Left out are
D3FEND's workbooks and OpenCRE's fallback rules, whose ids follow from nothing that stands in the file.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.contenders import Facts, files_below

SEED: Final = 20260401

_CRE_ID: Final = re.compile(r"\b[0-9]{3}-[0-9]{3}\b")
_LEFT_OUT: Final = re.compile(rb'\A[\s\[{]*"keywords"|\APK\x03\x04')
_ENDING: Final = r"\.(?:json|xml|ya?ml)(?=[\"'\s#]|$)"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: its number, its name, how its UUIDs differ, and its numbers for CREs."""

    number: int
    name: str
    mask: int
    cres: Mapping[str, str]

    @classmethod
    def of(cls, number: int, cres: list[str]) -> "Copy":
        """The copy of a number."""
        chance = random.Random(f"{SEED}/{number}")
        renumbered = {old: f"{number:03}-{place:03}" for place, old in enumerate(cres)}
        return cls(number, f"{number}x{chance.randrange(16**4):04x}", chance.randrange(1, 16**8), renumbered)


def run(corpus: str, folder: str, first: str, last: str) -> Facts:
    """Write the copies from one number to another below a folder."""
    found = [(path.relative_to(corpus), path.read_bytes()) for path in files_below(Path(corpus))]
    kept = [(path, content) for path, content in found if not _LEFT_OUT.match(content)]
    opencre = [content.decode() for _, content in kept if b"doctype: CRE" in content or b'"cre_ids"' in content]
    cres = sorted({one for text in opencre for one in _CRE_ID.findall(text)})
    for number in range(int(first), int(last) + 1):
        copy = Copy.of(number, cres)
        for path, content in kept:
            _write(Path(folder) / _place(path, content, copy), renamed(content, copy))
    return {"left out": len(found) - len(kept)}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _place(path: Path, content: bytes, copy: Copy) -> Path:
    """Where a file of a copy stands: all CREs in one folder, everything else in a folder of the copy."""
    return Path("cres", f"{copy.name}-{path.name}") if content.startswith(b"doctype: CRE") else Path(copy.name, path)


def renamed(content: bytes, copy: Copy) -> bytes:
    """A file as a copy has it; one of no known format stays as it is."""
    rename = next((rename for sign, rename in RENAMERS if re.search(sign, content)), None)
    return content if rename is None else rename(content.decode(), copy).encode()


def _replaced(text: str, *rules: tuple[str, str]) -> str:
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


def _ciso_assistant(text: str, copy: Copy) -> str:
    return _replaced(text, (r"(urn:[\w-]+:risk:[\w-]+:[^:\s'\"]+)", rf"\1-{copy.name}"))


def _ctid(text: str, copy: Copy) -> str:
    framework = r'("mapping_framework":\s*"[^"]+)', rf"\1-{copy.name}"
    return _replaced(text, framework, (r'("attack_version":\s*"[^"]+)', rf"\1.{copy.name}"))


def _stix(text: str, copy: Copy) -> str:
    """A bundle with a collection, which tells the version."""
    collection = f'{{"type":"x-mitre-collection","id":"x-mitre-collection--{copy.name}","x_mitre_version":"16.1.{copy.name}"}},'
    return re.sub(r'"objects":\s*\[', lambda found: found[0] + collection, text, count=1)


def _prowler(text: str, copy: Copy) -> str:
    """What concerns ATT&CK keeps the name of the framework, which tells that it is about threats, and gets a version."""
    if "MITRE-ATTACK" in text:
        text = re.sub(r'("[Vv]ersion":\s*")[^"]*', rf"\g<1>16.1.{copy.name}", text, count=1)
    else:
        text = re.sub(r'("[Ff]ramework":\s*"[^"]+)', rf"\1-{copy.name}", text, count=1)
    return _replaced(text, (r'("Provider":\s*"[^"]+)', rf"\1-{copy.name}"))


def _marketplace(text: str, copy: Copy) -> str:
    """Other offerings, agencies, companies, on another day."""
    ids = r'"(id|agency_id|sub_id|csp|name|independent_assessor)":\s*"\s*([^"\s][^"]*?)\s*"', rf'"\1":"\2-{copy.name}"'
    day = r'("last_change":\s*")[0-9]{4}', rf"\g<1>{2000 + copy.number}"
    return _replaced(text, ids, day)


def _frmr(text: str, copy: Copy) -> str:
    return re.sub(r'("version":\s*"[^"]+)', rf"\1.{copy.name}", text, count=1)


def _sssom(text: str, copy: Copy) -> str:
    """Another set, whose own prefixes stand for other addresses."""
    known = "owl|rdfs?|semapv|skos|sssom|xsd|linkml|oboInOwl|orcid"
    prefixes = rf"^(#?[ \t]{{2,}}(?!(?:{known}):)[\w.-]+:\s*\"?https?://)", rf"\g<1>{copy.name}."
    title = r"^(#?\s*mapping_set_title:\s*\"?)", rf"\g<1>{copy.name} "
    return _replaced(text, (r"^(#?\s*mapping_set_id:\s*\"?https?://)", rf"\g<1>{copy.name}."), title, prefixes)


def _cre(text: str, copy: Copy) -> str:
    """Other CREs with other names, linked to other standards."""
    return _replaced(
        _CRE_ID.sub(lambda found: copy.cres[found[0]], text), (r"(\bname: ['\"]?)(?=[^\s'\"|>])", rf"\g<1>{copy.name} ")
    )


def _cre_list(text: str, copy: Copy) -> str:
    return _replaced(_CRE_ID.sub(lambda found: copy.cres[found[0]], text), (r"(https?://)", rf"\g<1>{copy.name}."))


def _oscal(text: str, copy: Copy) -> str:
    """Another title and other UUIDs; what it points at is another file."""
    uuid = r"\b([0-9a-f]{8})(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"
    text = re.sub(uuid, lambda found: f"{int(found[1], 16) ^ copy.mask:08x}{found[2]}", text)
    text = re.sub(r"(\btitle\"?:\s*['\"]?)(?=[^\s'\"])", rf"\g<1>{copy.name} ", text, count=1)
    folder = rf"([^/\\\"'\s]+)(\\?/(?:catalog|profile){_ENDING})", rf"\1-{copy.name}\2"
    return _replaced(text, folder, (rf"(?<!/catalog)(?<!/profile)({_ENDING})", rf"-{copy.name}\1"))


def _d3fend(text: str, copy: Copy) -> str:
    """Other techniques; builds that state no version are told apart by their bytes."""
    text += f"\n# {copy.name}\n"
    return _replaced(text, (r'(:d3fend-id "[^"]+)', rf"\1-{copy.name}"))


RENAMERS: Final[tuple[tuple[bytes, Callable[[str, Copy], str]], ...]] = (
    (rb"urn:[\w-]+:risk:library:", _ciso_assistant),
    (rb'"mapping_objects"', _ctid),
    (rb'"type":\s*"bundle"', _stix),
    (rb'"[Rr]equirements":\s*\[', _prowler),
    (rb'"ReuseMapping"', _marketplace),
    (rb'"FRR":', _frmr),
    (rb"(?m)^#?\s*curie_map:", _sssom),
    (rb"\Adoctype: CRE", _cre),
    (rb'"cre_ids"', _cre_list),
    (rb"\boscal-version\b", _oscal),
    (rb"d3fend\.mitre\.org/ontologies", _d3fend),
)
"""How files are renamed, by what a file of the format holds; the first that fits."""
