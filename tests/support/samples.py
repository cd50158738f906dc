"""A few small files of every format, as tests of broken files have them, and a few of the corpus where it is there."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as packaged
from typing import Final

from kakehashi.pipeline.formats import FORMATS, format_of
from kakehashi.sources.files import File
from tests.faults import (
    test_bad_assessments,
    test_bad_ciso_assistant,
    test_bad_ctid,
    test_bad_d3fend,
    test_bad_fedramp,
    test_bad_olir,
    test_bad_opencre,
    test_bad_oscal,
    test_bad_prowler,
    test_bad_sssom,
    test_bad_template,
)
from tests.support import assessing, corpus, small_catalogue
from tests.support.attack_bundle import bundle, objects
from tests.support.fuzzing import Piece, piece_of
from tests.support.workbooks import Sheets, workbook

Sample = tuple[Piece, ...]
"""The files of one source."""

OF_CORPUS: Final = 6
FILES: Final = 3
LARGEST: Final = 5_000_000
_BROKEN: Final = ("sssom/sssom-py-tests/invalid/", "d3fend/d3fend-ontology-mappings.ttl")


@cache
def samples() -> Mapping[str, tuple[Sample, ...]]:
    """The samples by the name of their format: built-in ones first."""
    found: dict[str, list[Sample]] = {one.name: [] for one in FORMATS}
    for sample in (*_built_in(), *_published()):
        known = format_of(sample[0].file())
        if known is not None:
            found[known.name].append(sample)
    return {name: tuple(some) for name, some in found.items()}


def _built_in() -> Iterator[Sample]:
    for number, document in enumerate(_json()):
        yield (Piece(f"a/{number}.json", document),)
    for number, text in enumerate(_yaml()):
        yield (_text(f"a/{number}.yaml", text),)
    for number, sheets in enumerate(_sheets()):
        yield (piece_of(workbook(sheets, name=f"a/{number}.xlsx")),)
    yield tuple(_text(f"cres/{name}.yaml", text) for name, text in enumerate((test_bad_opencre.CRE, test_bad_opencre.PART)))
    turtle = test_bad_d3fend
    ontology = (
        turtle.ONTOLOGY
        + turtle.technique("A", ':d3fend-id "D3-A"', 'rdfs:label "A"')
        + turtle.technique("B", "rdfs:subClassOf :A")
    )
    yield (_text("a/x.ttl", ontology),)
    yield (_text("a/x.sssom.tsv", test_bad_sssom.table(test_bad_sssom.ROW, test_bad_sssom.ROW.replace("a:1", "a:2"))),)
    yield (_text("a/own.sssom.tsv", test_bad_sssom.OWN),)
    template = packaged("kakehashi.data") / "template"
    yield tuple(
        piece_of(File(f"t/{one}.csv", (template / f"{one}.csv").read_bytes())) for one in ("source", "framework", "mapping")
    )
    yield (
        _text("c/source.yaml", small_catalogue.SOURCE), _text("c/entities/all.yaml", small_catalogue.ENTITIES),
        _text("c/relations.tsv", small_catalogue.RELATIONS), _text("c/frameworks.yaml", small_catalogue.FRAMEWORKS),
    )  # fmt: skip


def _json() -> Iterator[object]:
    yield from (make() for make in test_bad_oscal.MAKERS.values())
    yield test_bad_ctid.sample()
    yield from (test_bad_prowler.one_provider(), test_bad_prowler.of_all(), test_bad_prowler.threats())
    yield from (test_bad_fedramp.documentation(), test_bad_fedramp.market())
    yield [test_bad_opencre.ENTRY]
    yield piece_of(bundle(objects()), small=False).content


def _yaml() -> Iterator[str]:
    ciso = test_bad_ciso_assistant
    yield from (ciso.FRAMEWORK, ciso.MAPPING, ciso.MAPPING + ciso.REVERSE, ciso.CONTROLS)


def _sheets() -> Iterator[Sheets]:
    olir, d3fend, template = test_bad_olir, test_bad_d3fend, test_bad_template
    rows = [["GV.OC-01", "d", "Semantic", "equal", "AC-1", "G1"], ["GV.OC-02", "d", "Semantic", "subset of", "AC-2\nAC-3", ""]]
    yield {"General Information": olir.GENERAL, "Relationships": [olir.HEADER, *rows]}
    strm = [["A.5.1", "Policies", "Semantic", "subset of", "Governance", "GOV-01", "8"]]
    yield {"STRM": [*olir.ABOVE, olir.STRM_HEADER, *strm]}
    yield {d3fend.NIST_SHEET: [d3fend.NIST_HEADER, ["AC-2", "Account Management", "Control", "broader", "D3-A", ""]]}
    cci = ["draft", "2009-05-13", "DISA FSO", "The organization does so.", "broader", "D3-A", "", "policy", "CCI-000001"]
    yield {"U_CCI_List": [d3fend.CCI_HEADER, cci]}
    yield {"source": assessing.SOURCE, "assessments": [assessing.HEADER, *test_bad_assessments.ROWS]}
    yield {"source": template.SOURCE, "framework": template.FRAMEWORK, "mapping": template.MAPPING}


def _text(name: str, text: str) -> Piece:
    return piece_of(File(name, text.encode()), small=False)


def _published() -> Iterator[Sample]:
    """Cut-down files of the corpus: a few sources of each format, from small to large, each with a few of its files."""
    if not corpus.ROOT.is_dir():
        return
    found: dict[str, list[File]] = {one.name: [] for one in FORMATS}
    for file in corpus.files():
        known = format_of(file) if len(file.content) < LARGEST else None
        if known is not None and not file.name.startswith(_BROKEN):
            found[known.name].append(file)
    for one in FORMATS:
        sources = sorted(one.bundles(found[one.name]), key=lambda files: sum(len(file.content) for file in files))
        for files in sources[:: max(1, len(sources) // OF_CORPUS)][:OF_CORPUS]:
            yield tuple(piece_of(file) for file in files[:FILES])
