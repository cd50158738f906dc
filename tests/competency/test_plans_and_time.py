"""Over HTTP, with the default release: what needs a higher plan, what has ended, what editions and certificates are worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.support.server import Client

LANGUAGES = ("ja", "en")
MEASURES = "leaflet-security-measures/2020-01"
RECOMMENDED = "leaflet-recommended-items/2020-01"
DRAFTS = {"minAuthority": "INFERRED"}
A3, A5 = "microsoft/plan/m365-a3", "microsoft/plan/m365-a5"

REPORT = """query($edition: ID!, $given: GivenInput, $view: ViewInput) { coverage(edition: $edition, given: $given, view: $view) {
  asOf notices { type explanation { value } about { id } since }
  requirements(first: 100) { nodes {
    requirement { id } status
    satisfiedBy(first: 20) { nodes { control { id } plans { id } } }
    gaps { type explanation { value } about { id } closedBy { id } }
  } }
} }"""


def report(client: Client, edition: str, given: Mapping[str, Any], language: str = "en", **view: object) -> Any:
    return client.ask(REPORT, language, edition=edition, given=given, view=view)["coverage"]


def row(found: Any, requirement: str) -> Any:
    return next(node for node in found["requirements"]["nodes"] if node["requirement"]["id"] == requirement)


def gap(found: Any, requirement: str, kind: str) -> Any:
    return next((one for one in row(found, requirement)["gaps"] if one["type"] == kind), None)


def notices(found: Any) -> dict[str, tuple[list[str], str | None]]:
    return {one["type"]: (ids(one["about"]), one["since"]) for one in found["notices"]}


def asked(found: Any) -> list[str]:
    return [node["requirement"]["id"] for node in found["requirements"]["nodes"]]


def ids(found: Sequence[Mapping[str, str]]) -> list[str]:
    return [one["id"] for one in found]


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "保有するプランの上位のプランに含まれる。（Microsoft 365 A5）"), ("en", "above one that is had. (Microsoft 365 A5)")],
)
def test_what_a_board_with_a3_lacks_for_want_of_a5(client: Client, language: str, words: str) -> None:
    found = report(client, MEASURES, {"plans": [A3]}, language, **DRAFTS)
    first = row(found, "ms-03")["gaps"][0]
    assert first["type"] == "HIGHER_PLAN_ONLY"
    assert ids(first["closedBy"]) == [A5]
    assert words in first["explanation"]["value"]
    lacking = [one for one in asked(found) if gap(found, one, "HIGHER_PLAN_ONLY")]
    bought = report(client, MEASURES, {"plans": [A5]}, **DRAFTS)
    assert len(lacking) == 8
    assert all(row(bought, one)["status"] != row(found, one)["status"] for one in lacking)
    assert not any(gap(bought, one, "HIGHER_PLAN_ONLY") for one in lacking)


def test_with_e3_the_step_is_to_p2_or_e5_and_not_to_a_suite_for_schools(client: Client) -> None:
    found = report(client, "leaflet-defence-layers/2020-01", {"plans": ["microsoft/plan/m365-e3"]}, **DRAFTS)
    told = gap(found, "cell-id-protect", "HIGHER_PLAN_ONLY")
    assert ids(told["closedBy"]) == ["microsoft/plan/entra-id-p2", "microsoft/plan/m365-e5"]


def test_a_product_brings_all_that_it_can_do_and_the_plan_that_it_needs_is_said(client: Client) -> None:
    found = report(client, "leaflet-defence-layers/2020-01", {"products": ["azure-ad-identity-protection"]}, **DRAFTS)
    plans = {one["control"]["id"]: ids(one["plans"]) for one in row(found, "cell-id-protect")["satisfiedBy"]["nodes"]}
    assert plans["cap-aadp-block"] == ["microsoft/plan/entra-id-p2"]


def test_windows_10_counts_until_its_support_ended(client: Client) -> None:
    given = {"products": ["windows-10"]}
    last = report(client, RECOMMENDED, given, asOf="2025-10-14", **DRAFTS)
    after = report(client, RECOMMENDED, given, asOf="2025-10-15", **DRAFTS)
    assert row(last, "rec-4-security-model")["status"] == "PARTIAL"
    assert "GIVEN_RETIRED" not in notices(last)
    assert row(after, "rec-4-security-model")["status"] == "UNKNOWN"
    first = row(after, "rec-4-security-model")["gaps"][0]
    assert (first["type"], ids(first["about"]), first["closedBy"]) == ("RETIRED", ["windows-10"], [])
    assert notices(after)["GIVEN_RETIRED"] == (["windows-10"], "2025-10-14")


@pytest.mark.parametrize("authorities", [["OFFICIAL"], ["INFERRED"], ["VENDOR", "INFERRED"]])
def test_an_end_is_a_fact_of_time_whatever_the_view_sees(client: Client, authorities: list[str]) -> None:
    found = report(client, RECOMMENDED, {"products": ["windows-10"]}, asOf="2026-11-23", authorities=authorities)
    assert notices(found)["GIVEN_RETIRED"] == (["windows-10"], "2025-10-14")
    assert row(found, "rec-4-security-model")["status"] == "UNKNOWN"


def test_a_renamed_product_is_had_under_its_later_name(client: Client) -> None:
    found = report(client, MEASURES, {"products": ["azure-information-protection"]}, asOf="2026-11-23", **DRAFTS)
    assert notices(found) == {}
    assert row(found, "ms-37")["status"] != "UNKNOWN"


@pytest.mark.parametrize(("language", "words"), [("ja", "利用者自身の対策が残る"), ("en", "the customer's own is left")])
def test_a_certificate_leaves_the_customers_own_duty(client: Client, language: str, words: str) -> None:
    given = {"certificates": [{"scheme": "ismap"}]}
    found = report(client, "guideline-r7-3", given, language, asOf="2026-11-23", **DRAFTS)
    clause = row(found, "guideline-r7-3/9.1")
    assert clause["status"] == "PARTIAL"
    assert clause["gaps"][0]["type"] == "CUSTOMER_DUTY"
    assert ids(clause["gaps"][0]["about"]) == ["ismap"]
    assert words in clause["gaps"][0]["explanation"]["value"]
    assert notices(found) == {"CERTIFICATE_WITHOUT_SCOPE": (["ismap"], None)}


@pytest.mark.parametrize(("language", "words"), [("ja", "別の版の対応する条項"), ("en", "provision of another edition")])
def test_what_only_another_edition_says_is_told_with_its_clause(client: Client, language: str, words: str) -> None:
    found = report(client, "guideline-r1-12", {}, language, **DRAFTS)
    told = gap(found, "guideline-r1-12/1.9", "OTHER_EDITION_ONLY")
    assert ids(told["about"]) == ["guideline-r3-5/1.9", "guideline-r7-3/9.1"]
    assert told["closedBy"] == []
    assert words in told["explanation"]["value"]


@pytest.mark.parametrize(
    ("edition", "day", "expected"),
    [
        ("guideline-h29", "2017-10-17", {"BEFORE_FIRST_EDITION": (["guideline-h29"], None)}),
        ("guideline-r7-3", "2017-10-17", {"BEFORE_FIRST_EDITION": (["guideline-h29"], None)}),
        ("guideline-h29", "2017-10-18", {}),
        ("guideline-r1-12", "2019-11-30", {"EDITION_NOT_YET_ISSUED": (["guideline-r1-12"], None)}),
        ("guideline-r1-12", "2019-12-15", {}),
        ("guideline-r1-12", "2021-05-27", {}),
        ("guideline-r1-12", "2021-05-28", {"EDITION_SUPERSEDED": (["guideline-r3-5"], "2021-05-28")}),
        ("guideline-r1-12", "2026-11-23", {"EDITION_SUPERSEDED": (["guideline-r7-3"], "2025-03-25")}),
        ("guideline-r7-3", "2026-11-23", {}),
        ("iso-27001/2013", "2022-10-25", {"EDITION_SUPERSEDED": (["iso-27001/2022"], "2022-10-25")}),
        ("iso-27001/2022", "2022-10-24", {"EDITION_NOT_YET_ISSUED": (["iso-27001/2022"], None)}),
    ],
)
def test_a_report_says_how_its_edition_stood_on_its_day(client: Client, edition: str, day: str, expected: object) -> None:
    assert notices(report(client, edition, {}, asOf=day)) == expected


def test_a_certificate_against_27001_of_2013_lapsed_with_the_transition(client: Client) -> None:
    given = {"certificates": [{"scheme": "iso-27001", "edition": "iso-27001/2013", "validTo": "2027-03-31"}]}
    last, after = (notices(report(client, "iso-27001/2022", given, asOf=day)) for day in ("2025-10-31", "2025-11-01"))
    assert "CERTIFICATE_NOT_IN_FORCE" not in last
    assert after["CERTIFICATE_NOT_IN_FORCE"] == (["iso-27001"], "2025-10-31")
    assert last["CERTIFICATE_OF_OTHER_EDITION"] == after["CERTIFICATE_OF_OTHER_EDITION"] == (["iso-27001/2013"], None)
    assert after["CERTIFICATE_COUNTS_NOWHERE"] == (["iso-27001"], None)


def test_a_certificate_of_a_scheme_that_is_gone_is_said_to_be_out_of_force(client: Client) -> None:
    given = {"certificates": [{"scheme": "off-eu-us-privacy-shield"}]}
    found = notices(report(client, "leaflet-legal-considerations/2020-01", given, asOf="2026-11-23"))
    assert found["CERTIFICATE_NOT_IN_FORCE"] == (["off-eu-us-privacy-shield"], "2020-07-16")


def test_everything_is_assumed_and_its_certificates_are_not_remarked_upon(client: Client) -> None:
    found = notices(report(client, RECOMMENDED, {"everything": True}, asOf="2026-11-23", **DRAFTS))
    assert set(found) == {"GIVEN_RETIRED"}


def test_a_plan_of_another_product_and_one_without_recorded_content_are_remarked_upon(client: Client) -> None:
    given = {"plans": ["microsoft/plan/intune-plan-1"], "products": ["office-365-atp"]}
    assert set(notices(report(client, MEASURES, given, **DRAFTS))) == {"PLAN_OF_OTHER_PRODUCT"}
    own = {"plans": ["microsoft/plan/intune-plan-1"], "products": ["intune"]}
    assert notices(report(client, MEASURES, own, **DRAFTS)) == {}
    unseen = report(client, MEASURES, {"plans": [A3]})
    assert notices(unseen) == {"PLAN_WITHOUT_CONTENT": ([A3], None)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_worded_in_the_readers_language(client: Client, language: str) -> None:
    given = {
        "products": ["windows-10"], "plans": [A3],
        "certificates": [{"scheme": "iso-27001", "edition": "iso-27001/2013"}, {"scheme": "cs-gold-mark"}],
    }  # fmt: skip
    told = report(client, RECOMMENDED, given, language, asOf="2026-11-23")["notices"]
    assert len(told) >= 5
    for one in told:
        text = one["explanation"]["value"]
        assert ("About: " in text) == (language == "en")
        assert ("対象: " in text) == (language == "ja")


COMPARED = """query($before: CoverageSide!, $after: CoverageSide!) { compareCoverage(before: $before, after: $after) {
  before { notices { type } } after { notices { type } }
  summary { better worse same }
  rows(outcome: [BETTER]) { nodes {
    before { requirement { id } status gaps { type } } after { status } differences { nodes { control { id } before after } }
  } }
} }"""


def test_one_report_under_two_views_shows_what_rests_on_the_vendors_word(client: Client) -> None:
    side = {"edition": RECOMMENDED, "given": {"everything": True}}
    sides = [side | {"view": {"authorities": authorities}} for authorities in (["OFFICIAL"], ["OFFICIAL", "VENDOR"])]
    found = client.ask(COMPARED, before=sides[0], after=sides[1])["compareCoverage"]
    rows = found["rows"]["nodes"]
    assert found["summary"]["better"] == len(rows) > 0
    assert found["summary"]["worse"] == 0
    for one in rows:
        assert "VENDOR_WORD_ONLY" in [gap["type"] for gap in one["before"]["gaps"]]
        assert one["differences"]["nodes"]


def test_two_days_compared_show_what_ended_between_them(client: Client) -> None:
    side = {"edition": RECOMMENDED, "given": {"products": ["windows-10"]}}
    sides = [side | {"view": DRAFTS | {"asOf": day}} for day in ("2026-11-23", "2025-10-14")]
    found = client.ask(COMPARED, before=sides[0], after=sides[1])["compareCoverage"]
    assert found["before"]["notices"] == [{"type": "GIVEN_RETIRED"}]
    assert [one["before"]["requirement"]["id"] for one in found["rows"]["nodes"]] == ["rec-4-security-model"]


def test_closing_gaps_carries_the_notices_of_its_reports(client: Client) -> None:
    query = """query($given: GivenInput) { closeGaps(edition: "guideline-r1-12", given: $given, budget: 1) {
      before { notices { type } } after { notices { type } } } }"""
    found = client.ask(query, given={"plans": [A3]})["closeGaps"]
    assert found["before"]["notices"] == [{"type": "EDITION_SUPERSEDED"}, {"type": "PLAN_WITHOUT_CONTENT"}]


SCHEME = {"scheme": "iso-27001", "holder": "ms"}
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a plan given as a product": (
        {"products": [A3]}, f"{A3} (products; a licence plan: give it in plans)", f"{A3}（products。ライセンスプランです。",
    ),
    "a product given as a plan": (
        {"plans": ["azure-ad"]}, "azure-ad (plans; no plan but a product: give it in products)", "プランではなく製品です",
    ),
    "the same as product and plan": ({"products": [A3], "plans": [A3]}, "give it in plans", "ライセンスプランです"),
    "a slip of the pen": ({"products": ["azur-ad"]}, "azur-ad (products; did you mean azure-ad", "近いもの: azure-ad"),
    "a name in the place of an id": ({"products": ["Windows 10"]}, "did you mean windows-10", "近いもの: windows-10"),
    "a plan misspelt": ({"plans": ["m365-a3"]}, f"did you mean {A3}", f"近いもの: {A3}"),
    "nothing like it": ({"products": ["zzzzzz"]}, "cannot be given so: zzzzzz (products).", "zzzzzz（products）。"),
    "an edition of another standard": (
        {"certificates": [{"scheme": "iso-27017-cert", "edition": "iso-27001/2013"}]},
        "'iso-27001/2013' is no edition of what 'iso-27017-cert' certifies to (iso-27017)", "の規格(iso-27017)の版ではありません",
    ),
    "one certificate with two last days": (
        {"certificates": [SCHEME | {"validTo": "2026-01-01"}, SCHEME | {"validTo": "2027-01-01"}]},
        "One certificate is given with two last days: iso-27001 (", "有効期間の終わりが二通り",
    ),
    "a certificate that ends before it begins": (
        {"certificates": [SCHEME | {"validFrom": "2026-01-02", "validTo": "2026-01-01"}]}, "ends before it begins", "より前です",
    ),
    "two slips, of which the first is looked up, and a plan, which needs no looking up": (
        {"products": ["azur-ad", "azur-ae", A3]},
        f"(products; did you mean azure-ad, azure-ad-premium?), azur-ae (products), {A3} (products; a licence plan",
        "azur-ae（products）、",
    ),
    "more in the scopes of certificates than can be given": (
        {"certificates": [SCHEME | {"scope": [RECOMMENDED] * 600}, SCHEME | {"scope": [RECOMMENDED] * 400}]},
        "at most 1000 items, the ids in certificates' scopes included", "scopeのIDを含めて1000件まで",
    ),
    "a scope of nothing": ({"certificates": [{"scheme": "ismap", "scope": ["guideline-r7-4"]}]}, "-r7-4 (scope", "（scope"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_had_so_is_refused_with_what_was_probably_meant(client: Client, case: str) -> None:
    given, english, japanese = REFUSED[case]
    (error,) = client.graphql(REPORT, "ja", edition=RECOMMENDED, given=given)["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert english in error["extensions"]["messages"]["en"]
    assert japanese in error["message"]


@pytest.mark.parametrize(
    "certificates",
    [
        [
            SCHEME | {"validFrom": "2023-01-01", "validTo": "2026-01-01"},
            SCHEME | {"validFrom": "2025-12-01", "validTo": "2028-12-01"},
        ],
        [SCHEME | {"validTo": "2026-01-01"}, SCHEME | {"validTo": "2026-01-01"}],
        [SCHEME | {"validTo": "2026-01-01"}, {"scheme": "iso-27001", "validTo": "2027-01-01"}],
    ],
)
def test_renewed_repeated_and_different_certificates_are_no_contradiction(client: Client, certificates: list[Any]) -> None:
    assert report(client, RECOMMENDED, {"certificates": certificates})["requirements"]["nodes"]
