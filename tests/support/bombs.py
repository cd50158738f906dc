"""Files that ask for far more than they are: each is written with its name and content, small on disk or made of one phrase."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.faults.test_bad_d3fend import ONTOLOGY
from tests.faults.test_bad_sssom import COLUMNS, HEAD
from tests.support.workbooks import workbook

MEGABYTE: Final = 1024 * 1024
SHEET: Final = "xl/worksheets/sheet1.xml"


def parts() -> dict[str, bytes]:
    """The parts of a small workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook({"one": [["a", "b"], [1, 2]]}).content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(found: Mapping[str, bytes]) -> bytes:
    """The parts as a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A workbook with a part added or changed."""
    return packed({**parts(), name: content})


def lying() -> bytes:
    """A sheet of 300 MB that says it has 400 bytes."""
    sheet = parts()[SHEET] + b" " * (300 * MEGABYTE)
    return with_part(SHEET, sheet).replace(struct.pack("<I", len(sheet)), struct.pack("<I", 400))


def far_sheets() -> bytes:
    """Three hundred sheets of two cells each, which together span more than a billion."""
    found = parts()
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="305"><c r="XFD305"><v>1</v></c></row></sheetData>'
    sheet = found[SHEET].split(b"<sheetData>")[0] + b"<sheetData>" + cells + found[SHEET].split(b"</sheetData>")[1]
    for number in range(2, 302):
        found[f"xl/worksheets/sheet{number}.xml"] = sheet
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(
        b"</sheets>", b"".join(b'<sheet name="s%d" sheetId="%d" r:id="x%d"/>' % (n, n, n) for n in range(2, 302)) + b"</sheets>"
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relations = [b'<Relationship Id="x%d" Type="%s" Target="worksheets/sheet%d.xml"/>' % (n, kind, n) for n in range(2, 302)]
    name = "xl/_rels/workbook.xml.rels"
    found[name] = found[name].replace(b"</Relationships>", b"".join(relations) + b"</Relationships>")
    return packed(found)


def merged_cells() -> bytes:
    """Millions of merged cells in a small archive."""
    cells = b"<mergeCells>" + b'<mergeCell ref="A1:A2"/>' * 8_000_000 + b"</mergeCells>"
    return with_part(SHEET, parts()[SHEET].replace(b"</sheetData>", b"</sheetData>" + cells))


def many_members() -> bytes:
    """An archive of 300,000 empty members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(300_000):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    return stream.getvalue()


def mapping_rows() -> bytes:
    """Rows of a hundred numbers on either side: ten thousand pairs each, five hundred times."""
    left, right = ("\n".join(f"{side}{number}" for number in range(100)) for side in "ab")
    return b"subject,relation,object\n" + f'"{left}",equal,"{right}"\n'.encode() * 500


def long_prefix() -> bytes:
    """CURIEs of a few letters with a prefix of a megabyte."""
    head = HEAD.replace("https://a.example/", "https://a.example/" + "a" * MEGABYTE)
    return (head + COLUMNS + "\n").encode() + b"".join(
        b"a:%d\tskos:exactMatch\tb:%d\tsemapv:LexicalMatching\n" % (number, number) for number in range(50_000)
    )


def turtle_prefix() -> bytes:
    """Names of a few letters with a prefix of a megabyte."""
    names = b"".join(b"p:a%d p:b p:c .\n" % number for number in range(100_000))
    return ONTOLOGY.encode() + b"@prefix p: <https://a.example/" + b"a" * MEGABYTE + b"> .\n" + names


def many_triples() -> bytes:
    """Triples of a few letters."""
    return ONTOLOGY.encode() + b"".join(b":%d a :b ." % number for number in range(4_000_000))


SOURCE: Final = b"key,value\nid,bomb\ntitle_en,Bomb\nsource_edition,x/1\ntarget_edition,y/1\n"

BOMBS: Final[dict[str, tuple[str, Callable[[], bytes], str]]] = {
    "values": ("values.json", lambda: b"[" + b"[]," * 20_000_000 + b"[]]", "more than 5000000 values"),
    "numbers": ("numbers.json", lambda: b"[" + b"1," * 30_000_000 + b"1]", "more than 5000000 values"),
    "keys": ("keys.json", lambda: b"{" + b",".join(b'"%d":{}' % number for number in range(1_000_000)) + b"}", "no known format"),
    "yaml values": ("values.yaml", lambda: b"x: [" + b"1," * 30_000_000 + b"1]\n", "more than 2000000 values"),
    "zip bomb": ("bomb.xlsx", lambda: with_part("xl/media/a.bin", bytes(1024 * MEGABYTE)), "Unpacked it has"),
    "lying size": ("lying-olir.xlsx", lying, "This is no Excel workbook"),
    "far sheets": ("far-olir.xlsx", far_sheets, "The sheets span"),
    "merged cells": ("merged-olir.xlsx", merged_cells, "too many merged cells"),
    "styles": ("styles-olir.xlsx", lambda: with_part("xl/styles.xml", b"<a>" + b"<b/>" * 9_000_000), "no sheet is too large"),
    "members": ("members-olir.xlsx", many_members, "more than 2000 files"),
    "rows": ("source.csv", lambda: SOURCE + b"a\n" * 30_000_000, "The table is too large"),
    "columns": ("source.csv", lambda: SOURCE + b"," * 30_000_000, "The table is too large"),
    "pairs": ("mapping.csv", mapping_rows, "more than 1000000 records"),
    "faults": ("framework.csv", lambda: b"notation,kind\n" + b"1,x\n" * 1_000_000, "1000 faults or more"),
    "SSSOM rows": ("x.sssom.tsv", lambda: HEAD.encode() + COLUMNS.encode() + b"\na" * 20_000_000, "The table is too large"),
    "SSSOM prefix": ("x.sssom.tsv", long_prefix, "longer than 2000 characters"),
    "Turtle prefix": ("x.ttl", turtle_prefix, "longer than 134217728 characters"),
    "triples": ("x.ttl", many_triples, "more than 500000 triples"),
}  # fmt: skip


def write(name: str, folder: Path) -> Path:
    """Write one of them into a folder of its own, beside what else it needs to be read; the file."""
    folder.mkdir()
    called, content, _ = BOMBS[name]
    if called.endswith(".csv") and called != "source.csv":
        (folder / "source.csv").write_bytes(SOURCE)
    (folder / called).write_bytes(content())
    return folder / called
