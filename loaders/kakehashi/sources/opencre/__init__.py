"""OpenCRE: common requirements (CRE) with their links to sections of standards, and its lists of links to them."""

from typing import Final

from kakehashi.sources.files import File, UnreadableError, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.opencre.common import NAME, VERSION
from kakehashi.sources.opencre.cres import NAMELESS, begins_as_cre, read_cres
from kakehashi.sources.opencre.lists import is_list, read_list
from kakehashi.sources.opencre.osib import read_osib
from kakehashi.vocabulary.text import Text

__all__ = ["FORMAT"]


def _doctype(file: File) -> str:
    """What sort of document a YAML file says that it is, also where it breaks off later; empty for any other file."""
    if file.base in NAMELESS:
        return "CRE" if begins_as_cre(file) else ""
    if file.suffix not in {".yaml", ".yml"}:
        return ""
    try:
        found = mapping_or_empty(file.document).get("doctype")
    except UnreadableError:
        return "CRE" if begins_as_cre(file) else ""
    return found if isinstance(found, str) else ""


def recognises(file: File) -> bool:
    """A document of doctype CRE or OSIB, or a list whose entries name CREs."""
    return _doctype(file) in {"CRE", "OSIB"} or is_list(file)


def together(file: File) -> str:
    """The CREs of one folder are one source, for each says only a part of the links; anything else stands alone."""
    return f"{file.folder}/ (CRE)" if _doctype(file) == "CRE" else file.name


def read(bundle: Bundle) -> Reading:
    """A folder of CREs, a list, or an OSIB tree."""
    doctype = _doctype(bundle[0])
    if doctype == "CRE":
        return read_cres(bundle)
    return read_osib(bundle[0]) if doctype == "OSIB" else read_list(bundle[0])


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("OpenCRE(共通要求事項とその対応)", "OpenCRE (common requirements and what they are linked to)"),
    recognises=recognises,
    read=read,
    together=together,
)
