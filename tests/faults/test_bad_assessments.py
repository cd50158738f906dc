"""Workbooks of assessments with faults: every one is told at once, with sheet, line and column, in both languages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace as altered

from kakehashi.pipeline.check import Checked, faults_of
from kakehashi.pipeline.load import load
from kakehashi.pipeline.making import making
from kakehashi.pipeline.reading import read_sources
from kakehashi.pipeline.report import LoadReport, Outcome, SourceReport
from kakehashi.pipeline.words import words_of
from kakehashi.records.located import Fault, Place
from kakehashi.records.model import Assessment, Label, Source
from kakehashi.records.values import AssessmentStatus, Authority, Redistribution
from kakehashi.snapshot.private import Private, load_private
from kakehashi.sources.files import File
from kakehashi.sources.template import assessments
from kakehashi.store.terms import vocabulary_triples
from tests.support.assessing import BOARD, HEADER, SOURCE, home_at, row, write_catalogue, write_workbook
from tests.support.making import build, maker_at
from tests.support.workbooks import Cell, Formula, Sheets, workbook

ROWS = [row(), row(provision="1.2", status="planned", control="tool", remark="夏に行う。")]


def faults(sheets: Sheets, merged: Sequence[tuple[str, str, str]] = ()) -> list[Fault]:
    file = workbook(sheets, merged)
    assert assessments.FORMAT.recognises(file)
    found = assessments.FORMAT.read((file,)).faults
    assert all(fault.text.ja and fault.text.en and fault.text.ja != fault.text.en for fault in found)
    assert all("{" not in fault.text.en + fault.text.ja for fault in found)
    return list(found)


def of_row(**cells: Cell) -> list[Fault]:
    return faults({"source": SOURCE, "assessments": [HEADER, row(), row(**cells)]})


def test_the_small_example_is_sound() -> None:
    assert faults({"source": SOURCE, "assessments": [HEADER, *ROWS]}) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"organisation": None}, "'organisation' is empty"),
        ({"organisation": "　"}, "'organisation' is empty"),
        ({"edition": None}, "'edition' is empty"),
        ({"provision": None}, "'provision' is empty"),
        ({"provision": 1.1}, "'provision' holds the number 1.1"),
        ({"provision": date(2026, 1, 2)}, "'provision' holds the date 2026-01-02"),
        ({"applicable": None}, "'applicable' is empty"),
        ({"applicable": "maybe"}, "'maybe' is no value for the column 'applicable'. Known values: yes, no"),
        ({"status": None}, "A provision that applies needs a status: one of in place"),
        ({"status": "done"}, "'done' is no value for the column 'status'"),
        ({"applicable": "no", "justification": "x"}, "'applicable' says 'no', yet the column 'status' says 'in place'"),
        ({"reviewer": None}, "'reviewer' is empty"),
        ({"date": None}, "'date' is empty"),
        ({"date": "April"}, "'date' holds 'April', which is no date"),
        ({"date": "2026-02-30"}, "'date' holds '2026-02-30', which is no date"),
        ({"date": 46113}, "'date' holds '46113', which is no date"),
        ({"date": datetime(2026, 4, 1, 9, 30)}, "which is no date"),
        ({"organisation": "x" * 201}, "'organisation' has more than 200 characters"),
        ({"organisation": "秘密\u200b市"}, "'organisation' holds a character that cannot be seen (U+200B)"),
        ({"scope": "\u202eabc"}, "'scope' holds a character that cannot be seen (U+202E)"),
        ({"scope": "a\nb"}, "'scope' holds a character that cannot be seen (U+000A)"),
        ({"status": Formula("=A1")}, "The formula in G3 has no stored result"),
        ({"control": Formula("=X", "#NAME?")}, "H3 holds an error"),
    ],
)
def test_a_bad_row(cells: dict[str, Cell], message: str) -> None:
    found = of_row(**cells)
    assert any(message in fault.text.en for fault in found), found
    assert {(fault.place.file, fault.place.line) for fault in found} == {("example.xlsx[assessments]", 3)}


@pytest.mark.parametrize("day", ["2026-04-01", "２０２６／４／１", "2026年4月1日", "2026.4.1", date(2026, 4, 1)])
def test_a_day_may_be_written_as_people_write_it(day: Cell) -> None:
    reading = assessments.FORMAT.read((workbook({"source": SOURCE, "assessments": [HEADER, row(date=day)]}),))
    assert [getattr(one, "assessed_on", None) for one in reading.records] == [None, date(2026, 4, 1)]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"source": SOURCE[:1]}, "'id' is missing"),
        ({"source": [*SOURCE[:1], ["id", "x"]]}, "Write a title_ja or a title_en"),
        ({"source": [*SOURCE, ["publisher", "x"]]}, "The key 'publisher' is not known. Known keys: id, title_en, title_ja"),
        ({"framework": [["notation", "kind"], ["1", "heading"]]}, "A workbook of assessments holds no 'framework'"),
        ({"mapping": [["subject", "relation", "object"]]}, "A workbook of assessments holds no 'mapping'"),
        ({"評価": [HEADER]}, "There are two sheets of 'assessments'"),
        ({"assessments": [HEADER]}, "There is no assessment"),
        ({"assessments": [[*HEADER[:6], *HEADER[7:]]]}, "No header row has the columns"),
        ({"assessments": [["our board"], [], [*HEADER[:6], *HEADER[7:]], *ROWS]}, "status, reviewer, date. Missing: status."),
        ({"assessments": [["edition", "date", "reviewer"]]}, "Missing: organisation, provision, applicable, status."),
    ],
)
def test_a_bad_workbook(sheets: Sheets, message: str) -> None:
    found = faults({"source": SOURCE, "assessments": [HEADER, *ROWS], **sheets})
    assert any(message in fault.text.en for fault in found), found


def test_without_a_source_sheet_it_says_so() -> None:
    (fault,) = faults({"assessments": [HEADER, *ROWS]})
    assert "There is no sheet 'source'" in fault.text.en
    assert "csv" not in fault.text.en + fault.text.ja


def test_all_faults_are_told_at_once() -> None:
    rows = [row(provision=None, date="x"), row(status="x", reviewer=None), row(applicable="?")]
    found = faults({"source": SOURCE[:1], "assessments": [HEADER, *rows]})
    assert sorted(fault.place.line for fault in found) == [0, 0, 2, 2, 3, 3, 4]


def test_a_name_may_be_as_long_as_names_are_and_have_variants_of_letters() -> None:
    """葛 with a variation selector is how a city writes its own name."""
    assert of_row(organisation="葛\U000e0100城市" + "教" * 196) == []


def test_headings_are_japanese_or_english_and_merged_cells_count_for_every_row() -> None:
    japanese: list[Cell] = [
        "組織",
        "範囲",
        "版",
        "条項",
        "適用",
        "適用外の理由",
        "状況",
        "手段",
        "証跡",
        "評価者",
        "評価日",
        "備考",
    ]
    rows = [
        row(organisation=None),
        row(organisation=None, provision="1.2", applicable="適用外", justification="無い。", status=None),
    ]
    sheets: Sheets = {"出典": SOURCE, "評価": [japanese, *rows]}
    assert faults(sheets, [("評価", "A2:A3", BOARD)]) == []


# ---- what the rows refer to


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_at(tmp_path)


def loaded(home: Path, tmp_path: Path, *rows: list[Cell], name: str = "board.xlsx") -> LoadReport:
    return load(maker_at(home), [write_workbook(tmp_path / name, *rows)])


def refused(report: LoadReport) -> SourceReport:
    (one,) = report.sources
    assert one.outcome is Outcome.REFUSED
    return one


def private_of(home: Path) -> Private:
    maker = maker_at(home).private
    assert maker is not None
    return load_private(maker.home, maker.repository)


@pytest.mark.parametrize(
    ("cells", "message", "japanese"),
    [
        ({"edition": "rules/1999"}, "'edition' names 'rules/1999', which the release does not have", "「rules/1999」という版"),
        (
            {"provision": "1.9"},
            "'provision' names '1.9', which is no provision of 'rules/2026'",
            "「rules/2026」の条項にありません",
        ),
        ({"provision": "id:law-1"}, "is no provision of 'rules/2026'", "条項にありません"),
        ({"provision": "1"}, "'provision' names '1', a heading", "見出し"),
        ({"provision": "9"}, "which can be several (same-a, same-b)", "一つに決まりません"),
        ({"control": "hammer"}, "'control' names 'hammer', no product or capability", "「hammer」という製品や働き"),
        ({"control": "rule-2"}, "'control' names 'rule-2', no product or capability", "製品や働き"),
        ({"control": "双子"}, "'control' names '双子', which can be several (twin-1, twin-2)", "一つに決まりません"),
    ],
)
def test_what_the_release_does_not_have_is_named(
    home: Path, tmp_path: Path, cells: dict[str, Cell], message: str, japanese: str
) -> None:
    (fault,) = refused(loaded(home, tmp_path, row(provision="1.2"), row(**cells))).faults
    assert message in fault.en
    assert japanese in fault.ja
    assert fault.places == ("board.xlsx[assessments]:3",)
    assert private_of(home).assessments == ()


@pytest.mark.parametrize(
    ("cells", "provision", "control"),
    [
        ({"provision": "１．１０"}, "rule-3", None),
        ({"provision": "id:rule-2"}, "rule-2", None),
        ({"provision": "rule-2", "control": "tool"}, "rule-2", "tool"),
        ({"edition": "規則集（２０２６）", "control": "予備"}, "rule-1", "spare"),
        ({"edition": "Rules 2026", "control": "id:spare"}, "rule-1", "spare"),
    ],
)
def test_it_is_found_by_id_number_or_name(
    home: Path, tmp_path: Path, cells: dict[str, Cell], provision: str, control: str | None
) -> None:
    assert not loaded(home, tmp_path, row(**cells)).refused
    (found,) = private_of(home).of(BOARD)
    assert (found.edition, found.provision, found.control) == ("rules/2026", provision, control)


def test_a_bad_cell_hides_no_other(home: Path, tmp_path: Path) -> None:
    rows = [
        row(date="2026-02-30"),
        row(provision="1.9"),
        row(provision="1.2", applicable="no", status=None),
        row(provision="1.10", control="hammer", date="2206-04-01"),
    ]
    found = refused(loaded(home, tmp_path, *rows)).faults
    words = ("which is no date", "no provision of", "needs its reason", "no product or capability", "still to come")
    assert len(found) == len(words), found
    for word, line in zip(words, (2, 3, 4, 5, 5), strict=True):
        assert [one.places for one in found if word in one.en] == [(f"board.xlsx[assessments]:{line}",)]


def test_today_has_come_and_tomorrow_not(home: Path, tmp_path: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    (fault,) = refused(loaded(home, tmp_path, row(date=today + timedelta(days=1)))).faults
    assert "まだ来ていない日" in fault.ja
    assert not loaded(home, tmp_path, row(date=today)).refused


def test_a_header_that_lacks_a_column_is_told_where_it_stands() -> None:
    (fault,) = faults({"source": SOURCE, "assessments": [["our board"], [], [*HEADER[:6], *HEADER[7:]], *ROWS]})
    assert (fault.place.line, "足りないのは status です" in fault.text.ja) == (3, True)


@pytest.mark.parametrize("title", ["Assessment", "評価シート"])
def test_a_sheet_of_another_name_is_told_what_it_must_be_called(home: Path, tmp_path: Path, title: str) -> None:
    (tmp_path / "board.xlsx").write_bytes(workbook({"source": SOURCE, title: [HEADER, *ROWS]}, name="board.xlsx").content)
    (fault,) = refused(load(maker_at(home), [tmp_path / "board.xlsx"])).faults
    assert "A sheet of assessments is called 'assessments' or '評価'" in fault.en
    assert "評価のシートの名前は「assessments」か「評価」" in fault.ja


@pytest.mark.parametrize("name", ["board.xlsx", "board.xls", "board.XLSM"])
def test_a_workbook_with_a_password_or_of_the_old_format_is_told_as_such(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))
    (fault,) = refused(load(maker_at(home), [tmp_path / name])).faults
    assert "Remove the password" in fault.en
    assert "パスワードを外し" in fault.ja
    assert fault.places == (name,)


def test_what_is_replaced_is_counted(home: Path, tmp_path: Path) -> None:
    (first,) = loaded(home, tmp_path, row(), row(provision="1.2")).sources
    assert (first.outcome, first.kept_before) == (Outcome.LOADED, {})
    (one,) = loaded(home, tmp_path, row(remark="x")).sources
    assert (one.outcome, one.kept["assessment"], one.kept_before["assessment"]) == (Outcome.REPLACED, 1, 2)


def test_a_workbook_without_a_row_replaces_nothing(home: Path, tmp_path: Path) -> None:
    loaded(home, tmp_path, row())
    assert "There is no assessment" in refused(loaded(home, tmp_path)).faults[0].en
    assert len(private_of(home).assessments) == 1


def test_rows_that_contradict_each_other_are_refused(home: Path, tmp_path: Path) -> None:
    other = row(provision="id:rule-1", status="planned", organisation="秘密市　教育委員会 ".replace("　", ""))
    (fault,) = refused(loaded(home, tmp_path, row(), other)).faults
    assert "board.xlsx[assessments]:2 states something else" in fault.en
    assert fault.places == ("board.xlsx[assessments]:3",)


@pytest.mark.parametrize("cells", [{"scope": "校務系"}, {"date": "2026-04-02"}, {"organisation": "別の市"}, {"provision": "1.2"}])
def test_rows_on_something_else_do_not_contradict(home: Path, tmp_path: Path, cells: dict[str, Cell]) -> None:
    assert not loaded(home, tmp_path, row(), row(status="planned", **cells)).refused
    assert len(private_of(home).assessments) == 2


def test_a_row_that_is_there_twice_counts_once(home: Path, tmp_path: Path) -> None:
    (report,) = loaded(home, tmp_path, row(), row(provision="id:rule-1")).sources
    assert [(left.en, left.count) for left in report.left_out] == [("The same assessment again.", 1)]
    assert len(private_of(home).assessments) == 1


def test_two_workbooks_that_contradict_each_other_are_not_both_taken(home: Path, tmp_path: Path) -> None:
    assert not loaded(home, tmp_path, row()).refused
    other = write_workbook(tmp_path / "other.xlsx", row(status="not"), source=[["id", "other"], ["title_en", "Other"]])
    (fault,) = refused(load(maker_at(home), [other])).faults
    assert "source/assessments/secret-board states something else" in fault.en
    assert [one.status.value for one in private_of(home).assessments] == ["in-place"]


def test_before_there_is_a_release_nothing_can_be_assessed(tmp_path: Path) -> None:
    (fault,) = refused(load(maker_at(tmp_path / "home"), [write_workbook(tmp_path / "board.xlsx", row())])).faults
    assert "There is no edition yet" in fault.en


def test_the_release_and_its_assessments_may_come_in_one_load(tmp_path: Path) -> None:
    inputs = [write_workbook(tmp_path / "board.xlsx", row()), write_catalogue(tmp_path / "catalogue")]
    report = load(maker_at(tmp_path / "home"), inputs)
    assert [one.outcome for one in report.sources] == [Outcome.LOADED, Outcome.LOADED]
    assert len(private_of(tmp_path / "home").assessments) == 1


def test_what_the_release_has_no_longer_stays_as_it_was_said(home: Path, tmp_path: Path) -> None:
    assert not loaded(home, tmp_path, row(), row(provision="1.2")).refused
    before = private_of(home).assessments
    build(home, [write_catalogue(tmp_path / "catalogue", without="rule-1")])
    assert private_of(home).assessments == before


# ---- what is private and what is not never come into one release


def test_a_framework_cannot_be_private(home: Path, tmp_path: Path) -> None:
    sheets: Sheets = {
        "source": [["id", "mine"], ["title_ja", "例"], ["redistribution", "private"]],
        "framework": [["notation", "kind", "name_ja"], ["1", "requirement", "条"]],
    }
    (tmp_path / "mine.xlsx").write_bytes(workbook(sheets, name="mine.xlsx").content)
    (fault,) = refused(load(maker_at(home), [tmp_path / "mine.xlsx"])).faults
    assert "A private source holds assessments only" in fault.en


@pytest.mark.parametrize("redistribution", list(Redistribution))
def test_a_maker_takes_in_what_belongs_there_and_nothing_else(home: Path, tmp_path: Path, redistribution: Redistribution) -> None:
    """The last door: whatever was read and checked before, a release takes in no source of the other sort."""
    path = write_workbook(tmp_path / "board.xlsx", row(edition="rules/2026", provision="rule-1"))
    maker = maker_at(home)
    (read,) = read_sources([File(path.name, path.read_bytes())], maker.words)[0]
    assert read.source is not None
    source = altered(read.source, redistribution=redistribution)
    other = replace(read, reading=replace(read.reading, records=[source]), records=(source,))
    private = redistribution is Redistribution.PRIVATE
    assert maker.private is not None
    for one, takes in ((maker, not private), (maker.private, private)):
        with making(one) as release:
            if takes:
                assert release.add(other).source == source.id
            else:
                with pytest.raises(ValueError, match="refused"):
                    release.add(other)
            release.abandon()


def test_assessments_of_a_source_that_is_not_private_are_refused() -> None:
    source = Source(
        id="source/x", labels=(Label(language="en", text="X"),), authority=Authority.CURATED, redistribution=Redistribution.OPEN,
        rights="x", sha256="0" * 64, loader="x", loader_version="1",
    )  # fmt: skip
    one = Assessment(
        id="assessment/x", source="source/x", organisation="x", edition="e", provision="p",
        status=AssessmentStatus.NOT_APPLICABLE, reviewer="x", assessed_on=date(2026, 4, 1),
    )  # fmt: skip
    found = faults_of(Checked([source, one], {}, Place("file"), own=False), words_of(vocabulary_triples()))
    texts = [fault.text.en for fault in found]
    assert texts == [
        "A provision that does not apply needs its reason in the column 'justification'.",
        "Assessments are held by private sources only.",
    ]
