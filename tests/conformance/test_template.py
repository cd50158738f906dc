"""What our own template gives: the shipped example, and what Excel makes of a consultant's tables."""

import csv
import io
from datetime import date

import pytest

from kakehashi.records.model import Edition, Framework, Group, Label, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, Lifecycle, MappingStatus, ParentLink, RationaleKind, Redistribution
from kakehashi.snapshot.model import Snapshot
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.template import FORMAT, framework, mapping, sheets
from tests.support.template_workbook import FOLDER, SHEETS, WORKBOOK, rows
from tests.support.workbooks import Cell, Formula, Sheets, workbook

SOURCE: list[list[Cell]] = [["key", "value"], ["id", "example"], ["title_ja", "例"], ["target_edition", "iso-27001/2022"]]
FRAMEWORK: list[list[Cell]] = [
    ["notation", "parent", "kind", "name_ja", "name_en", "text_ja", "text_en", "status"],
    ["1", None, "heading", "章", "Chapter", None, None, None],
    ["1.1", "1", "requirement", "条", None, "本文", None, None],
]
MAPPING: list[list[Cell]] = [["subject", "relation", "object"], ["1.1", "subset of", "A.5.1"]]


def example() -> list[File]:
    return [File(f"folder/{name}.csv", (FOLDER / f"{name}.csv").read_bytes()) for name in SHEETS]


def read(*files: File) -> Reading:
    assert all(map(FORMAT.recognises, files))
    (bundle,) = FORMAT.bundles(files)
    reading = FORMAT.read(bundle)
    assert [(str(fault.place), fault.text.en) for fault in reading.faults] == []
    return reading


def of_sheets(**sheets: list[list[Cell]]) -> Reading:
    return read(workbook(sheets))


def of_csv(encoding: str = "utf-8-sig", delimiter: str = ",", newline: str = "\r\n", **tables: list[list[Cell]]) -> Reading:
    def content(table: list[list[Cell]]) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter, lineterminator=newline).writerows(table)
        return stream.getvalue().encode(encoding)

    return read(*(File(f"somewhere/{name}.csv", content(table)) for name, table in tables.items()))


def statements(reading: Reading) -> list[Statement]:
    return [one for one in reading.records if isinstance(one, Statement)]


def resources(reading: Reading, *kinds: str) -> list[Resource]:
    return [one for one in reading.records if isinstance(one, Resource) and one.kind in kinds]


def test_the_shipped_files_say_the_same_as_the_shipped_workbook() -> None:
    of_files, of_workbook = read(*example()), read(File("kakehashi-template.xlsx", WORKBOOK.read_bytes()))
    assert of_files.records[1:] == of_workbook.records[1:]
    assert of_files.found == of_workbook.found == {"provisions": 7, "mapping rows": 4}
    assert of_files.left_out == of_workbook.left_out == {}


def test_the_example_is_read_as_it_is_documented() -> None:
    reading = read(*example())
    source = reading.source
    assert source is not None
    assert (source.id, source.version) == ("source/template/example-school-board/2024", "2024")
    assert (source.authority, source.redistribution) == (Authority.CURATED, Redistribution.LOCAL_ONLY)
    (edition,) = (one for one in reading.records if isinstance(one, Edition) and one.framework == "example-school-board")
    assert edition.issued == date(2024, 4, 1)
    assert [one.rpartition("/")[2] for one in edition.provisions] == ["1", "1.1", "1.2", "1.10", "2", "2.1", "2.2"]
    (withdrawn,) = (one for one in resources(reading, "requirement") if one.lifecycle)
    assert (withdrawn.notation, withdrawn.lifecycle) == ("2.2", Lifecycle.WITHDRAWN)
    (framework,) = (one for one in reading.records if isinstance(one, Framework) and one.id == "example-school-board")
    assert framework.parent_link is ParentLink.GROUPING


def test_the_example_maps_one_rule_to_two_controls_together() -> None:
    reading = read(*example())
    (group,) = (one for one in reading.records if isinstance(one, Group))
    assert group.subjects == ("example-school-board/2024/1.10",)
    assert group.objects == ("iso-27001/2022/a.5.10", "iso-27001/2022/a.7.9")
    first = statements(reading)[0]
    assert (first.subject, first.predicate, first.object) == (
        "example-school-board/2024/1.1",
        "subset-of",
        "iso-27001/2022/a.5.1",
    )
    assert first.mapping is not None
    assert (first.mapping.confidence, first.mapping.strength) == (900, "8")
    assert first.mapping.rationale_kind is RationaleKind.SEMANTIC
    assert [label.language for label in first.mapping.rationale] == ["ja", "en"]
    (mapping_set,) = (one for one in reading.records if isinstance(one, MappingSet))
    assert (mapping_set.subject_edition, mapping_set.object_edition) == ("example-school-board/2024", "iso-27001/2022")
    assert mapping_set.rows == 4


def test_the_shipped_csv_files_open_in_excel() -> None:
    for name in SHEETS:
        content = (FOLDER / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in content
        assert len({len(row) for row in rows(name)}) == 1


def test_a_framework_alone() -> None:
    reading = of_sheets(source=SOURCE[:3], framework=FRAMEWORK)
    heading, requirement = resources(reading, "heading", "requirement")
    assert (heading.id, requirement.parent) == ("example/current/1", "example/current/1")
    assert requirement.labels == (Label(language="ja", text="条"),)
    assert requirement.texts == (Label(language="ja", text="本文"),)
    assert not any(isinstance(one, MappingSet) for one in reading.records)


def test_a_mapping_alone_between_editions_of_others() -> None:
    about: list[list[Cell]] = [*SOURCE, ["source_edition", "NIST CSF 2.0"]]
    reading = of_sheets(source=about, mapping=[MAPPING[0], ["GV.OC-1", "intersects with", "A5.1"]])
    (found,) = statements(reading)
    assert (found.subject, found.object) == ("nist-csf/2.0/gv.oc-01", "iso-27001/2022/a.5.1")


@pytest.mark.parametrize(
    ("name", "written", "provision"),
    [
        ("ISO/IEC 27002:2022", "5.1", "iso-27002/2022/5.1"),
        ("ISO27002:2022", "5.1", "iso-27002/2022/5.1"),
        ("iso-27002/2022", "8.34", "iso-27002/2022/8.34"),
        ("ISO/IEC 27017:2015", "CLD.6.3.1", "iso-27017/2015/cld.6.3.1"),
        ("教育情報セキュリティポリシーに関するガイドライン（令和７年３月版）", "9.1", "guideline-r7-3/9.1"),
        ("教育情報セキュリティポリシーに関するガイドライン R1.12", "1.9.3", "guideline-r1-12/1.9.3"),
        ("guideline-r7-3", "9.1", "guideline-r7-3/9.1"),
    ],
)
def test_names_that_publishers_use_lead_to_the_provisions_that_we_have(
    snapshot: Snapshot, name: str, written: str, provision: str
) -> None:
    source: list[list[Cell]] = [*SOURCE[:3], ["target_edition", name]]
    (row,) = statements(of_sheets(source=source, framework=FRAMEWORK, mapping=[MAPPING[0], ["1.1", "subset of", written]]))
    assert row.object == provision
    assert provision in snapshot.edition_of
    assert {label.language for label in snapshot.resources[provision].labels} == {"ja", "en"}


@pytest.mark.parametrize(
    "name",
    [
        "ISO/IEC 27018:2019", "ISO/IEC 27018:2025", "ISO/IEC 27701:2019", "ISO/IEC 27701:2025", "JIS Q 27001:2023",
        "JIS Q 27002:2024",
    ],
)  # fmt: skip
def test_editions_of_which_we_list_no_provision_are_the_same_edition_all_the_same(snapshot: Snapshot, name: str) -> None:
    source: list[list[Cell]] = [*SOURCE[:3], ["target_edition", name]]
    reading = of_sheets(source=source, framework=FRAMEWORK, mapping=[MAPPING[0], ["1.1", "subset of", "A.2.1"]])
    (mapping_set,) = (one for one in reading.records if isinstance(one, MappingSet))
    assert mapping_set.object_edition in snapshot.editions
    (row,) = statements(reading)
    assert row.object == f"{mapping_set.object_edition}/a.2.1"


def test_an_edition_that_we_do_not_know_is_referred_to_by_its_id() -> None:
    about: list[list[Cell]] = [*SOURCE[:3], ["source_edition", "leaflet/2020-01"], ["target_edition", "other/1"]]
    reading = of_sheets(source=about, mapping=[MAPPING[0], ["第1条", "等しい", "id:rec-3-audit"]])
    (found,) = statements(reading)
    assert found.subject.startswith("leaflet/2020-01/")
    assert (found.predicate, found.object) == ("equal", "rec-3-audit")
    assert not any(isinstance(one, Edition | Framework) for one in reading.records)


def test_a_known_edition_may_be_given_names_of_ones_own() -> None:
    about: list[list[Cell]] = [["id", "iso-27001"], ["version", "2022"], ["title_ja", "附属書Aの見出し"]]
    reading = of_sheets(source=about, framework=[FRAMEWORK[0], ["A.5.1", None, "管理策", "情報セキュリティのための方針群"]])
    (found,) = resources(reading, "control")
    assert found.id == "iso-27001/2022/a.5.1"
    (framework,) = (one for one in reading.records if isinstance(one, Framework))
    assert framework.parent_link is ParentLink.GROUPING


def test_japanese_words_and_headers() -> None:
    framework: list[list[Cell]] = [
        ["番号", "親", "種別", "名称", "本文", "状態"],
        ["1", None, "見出し", "章"],
        ["1.1", "1", "要求事項", "条", None, "廃止"],
    ]
    mapping: list[list[Cell]] = [["対応元", "関係", "対応先", "理由", "確信度"], ["1.1", "含まれる", "A.5.1", "理由です", "80%"]]
    reading = read(workbook({"出典": SOURCE, "枠組み": framework, "対応付け": mapping}))
    (found,) = statements(reading)
    assert found.predicate == "subset-of"
    assert found.mapping is not None
    assert (found.mapping.verbatim, found.mapping.confidence) == ("含まれる", 800)
    assert found.mapping.rationale == (Label(language="ja", text="理由です"),)
    assert [one.lifecycle for one in resources(reading, "requirement")] == [Lifecycle.WITHDRAWN]


@pytest.mark.parametrize(
    ("cell", "thousandths"),
    [("0.8", 800), (0.8, 800), ("80%", 800), ("８０％", 800), (1, 1000), ("0", 0), (0.0625, 62), (None, None)],
)
def test_confidence_is_kept_in_thousandths(cell: Cell, thousandths: int | None) -> None:
    reading = of_sheets(source=SOURCE, framework=FRAMEWORK, mapping=[[*MAPPING[0], "confidence"], [*MAPPING[1], cell]])
    assert [one.mapping.confidence for one in statements(reading) if one.mapping] == [thousandths]


def test_full_width_digits_and_spaces_are_the_same_number() -> None:
    framework: list[list[Cell]] = [*FRAMEWORK[:2], ["１．１　", "　１", "requirement", "条"]]
    reading = of_sheets(source=SOURCE, framework=framework, mapping=[MAPPING[0], [" 1.1 ", "Subset-Of", "Ａ.５.１"]])
    (found,) = statements(reading)
    assert (found.subject, found.object) == ("example/current/1.1", "iso-27001/2022/a.5.1")
    (requirement,) = resources(reading, "requirement")
    assert (requirement.notation, requirement.parent) == ("１．１", "example/current/1")


def test_whole_numbers_dates_and_results_of_formulas_are_what_people_see() -> None:
    about: list[list[Cell]] = [*SOURCE[:3], ["version", 3], ["issued", date(2024, 4, 1)]]
    framework: list[list[Cell]] = [FRAMEWORK[0], [1, None, "heading", Formula('="章"&1', "章1")], ["1.1", 1, "requirement", 404]]
    reading = of_sheets(source=about, framework=framework)
    heading, requirement = resources(reading, "heading", "requirement")
    assert (heading.id, heading.labels[0].text) == ("example/3/1", "章1")
    assert (requirement.parent, requirement.labels[0].text) == ("example/3/1", "404")
    (edition,) = (one for one in reading.records if isinstance(one, Edition))
    assert edition.issued == date(2024, 4, 1)


def test_merged_cells_hold_for_all_their_rows_and_blank_rows_for_nothing() -> None:
    framework: list[list[Cell]] = [
        ["題名"],
        [],
        FRAMEWORK[0],
        FRAMEWORK[1],
        [],
        ["1.1", None, "requirement"],
        ["1.2", None, "requirement"],
    ]
    reading = read(workbook({"source": SOURCE[:3], "framework": framework}, [("framework", "B6:B7", "1")]))
    assert [one.parent for one in resources(reading, "requirement")] == ["example/current/1"] * 2
    assert reading.found["provisions"] == 3


def test_columns_of_ones_own_are_counted_and_left() -> None:
    reading = of_sheets(
        source=SOURCE, framework=FRAMEWORK, mapping=[[*MAPPING[0], "担当", "期限"], [*MAPPING[1], "総務", "来月"]]
    )
    assert {why.en: one.count for why, one in reading.left_out.items()} == {"Columns that the template does not have.": 2}


def test_a_framework_may_be_mapped_to_its_own_former_version() -> None:
    about: list[list[Cell]] = [["id", "iso-27001"], ["version", "2022"], ["title_ja", "例"], ["target_edition", "iso-27001/2013"]]
    framework: list[list[Cell]] = [FRAMEWORK[0], ["A.5.1", None, "control"]]
    reading = of_sheets(source=about, framework=framework, mapping=[MAPPING[0], ["A.5.1", "equal", "A.5.1.1"]])
    ids = [(type(one), one.id) for one in reading.records]
    assert len(set(ids)) == len(ids)
    (found,) = statements(reading)
    assert (found.subject, found.object) == ("iso-27001/2022/a.5.1", "iso-27001/2013/a.5.1.1")


def test_a_sheet_of_ones_own_is_not_read() -> None:
    assert of_sheets(source=SOURCE[:3], framework=FRAMEWORK, notes=[["anything"]]).found == {"provisions": 2}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_csv_as_excel_writes_it(encoding: str, delimiter: str, newline: str) -> None:
    reading = of_csv(encoding, delimiter, newline, source=SOURCE, framework=FRAMEWORK, mapping=MAPPING)
    assert [one.subject for one in statements(reading)] == ["example/current/1.1"]
    assert resources(reading, "heading")[0].labels[0].text == "章"
    assert reading.found.get("files in Shift_JIS, read as code page 932") == (2 if encoding == "cp932" else None)


def test_csv_files_of_two_folders_are_two_sources() -> None:
    files = [File(f"{folder}/{file.base}", file.content) for folder in ("a", "b") for file in example()]
    assert [[file.name for file in bundle] for bundle in FORMAT.bundles(files)] == [
        ["a/framework.csv", "a/mapping.csv", "a/source.csv"],
        ["b/framework.csv", "b/mapping.csv", "b/source.csv"],
    ]


def test_a_source_is_told_by_its_id_and_version_not_by_its_file() -> None:
    one, other = of_sheets(source=SOURCE, framework=FRAMEWORK), of_csv(source=SOURCE, framework=FRAMEWORK)
    assert one.source is not None
    assert other.source is not None
    assert one.source.id == other.source.id == "source/template/example"
    assert one.source.sha256 != other.source.sha256


def test_the_status_and_the_publisher_are_kept() -> None:
    about: list[list[Cell]] = [
        *SOURCE,
        ["status", "draft"],
        ["publisher", "例示市"],
        ["authority", "official"],
        ["redistribution", "open"],
    ]
    reading = of_sheets(source=about, framework=FRAMEWORK, mapping=MAPPING)
    assert [one.mapping.status for one in statements(reading) if one.mapping] == [MappingStatus.DRAFT]
    (organisation,) = resources(reading, "organisation")
    assert organisation.labels == (Label(language="ja", text="例示市"),)
    source = reading.source
    assert source is not None
    assert (source.publisher, source.authority, source.redistribution) == (
        organisation.id,
        Authority.OFFICIAL,
        Redistribution.OPEN,
    )


@pytest.mark.parametrize(
    "sheets",
    [
        {"Sheet1": [["notation", "kind"]]},
        {"source": [["id", "x"]]},
        {"mapping": [["from", "relation", "to"]]},
        {"framework": [["a", "b"]]},
    ],
)
def test_other_workbooks_are_not_claimed(sheets: Sheets) -> None:
    assert not FORMAT.recognises(workbook(sheets))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mapping.csv", b"a,b,c\n1,2,3\n"),
        ("table.csv", b"subject,relation,object\n"),
        ("source.csv", b"id,name\n1,2\n"),
        ("mapping.json", b"{}"),
    ],
)
def test_other_files_are_not_claimed(name: str, content: bytes) -> None:
    assert not FORMAT.recognises(File(name, content))


def test_every_word_is_documented_in_both_languages() -> None:
    docs = FOLDER.parents[3] / "docs"
    english, japanese = ((docs / name).read_text("utf-8") for name in ("template.md", "template.ja.md"))
    words = {*sheets.SOURCE_KEYS, *sheets.FRAMEWORK, *sheets.MAPPING, *framework.KINDS, *framework.LIFECYCLES, *mapping.WORDS}
    assert [word for word in sorted(words) if word not in english or word not in japanese] == []
