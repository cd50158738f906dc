"""The GraphQL documents that the tools ask. Each has at most one list that is paged, under the name `page`.

Their aliases are the names in the answers: an object that has one field alone stands for that field (`answers.flat`).
"""

from typing import Final

_REF: Final = """
fragment Ref on Resource { id label: prefLabel { value } }
"""
_SAID: Final = (
    """
fragment Said on Statement { predicate section certainty authority source { id } }
"""
    + _REF
)
_WHY: Final = (
    """
fragment Step on ProofStep {
  subject { ...Ref } relation { relations } object { ...Ref } parentLink verbatim statement { ...Said } mappingSet { id }
}
fragment Why on Proof {
  rule authority confidence conclusion { relations } chains { ...Step }
  missing { subject { ...Ref } relation { relations } object { ...Ref } }
}
"""
    + _SAID
)
_REPORT: Final = (
    """
fragment Report on CoverageReport {
  edition { ...Ref } notices { type explanation { value } about { ...Ref } since }
  summary { assessable full partial possible excluded unknown fullRatio coveredRatio }
}
fragment Row on RequirementCoverage {
  requirement { ...Ref } status
  satisfiedBy(first: 3) { totalCount nodes { control { ...Ref } status plans { ...Ref } proof { ...Why } } }
  jointly { authority controls { ...Ref } parts { requirement: part { ...Ref } } }
}
"""
    + _WHY
)

SEARCH: Final = (
    """
query Search($text: String!, $kind: [ID!], $first: Int!, $after: String) {
  release { id }
  page: search(text: $text, filter: {kind: {in: $kind}}, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { resource { ...Ref kind kindLabel { value } notation lifecycle source { id } } foundIn fragments { text language } }
  }
}
"""
    + _REF
)

RESOURCE: Final = (
    """
query Resource($id: ID!, $direction: Direction!, $first: Int!, $after: String) {
  release { id }
  answer: resource(id: $id) {
    ...Ref iri kind kindLabel { value } notation lifecycle text { value } parent { ...Ref }
    sources { id title { value } authority rights redistribution }
    page: statements(direction: $direction, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { ...Said predicateLabel { value } subject { ...Ref } object { ...Ref } value { text } note }
    }
  }
}
"""
    + _SAID
)

COVERAGE: Final = (
    """
query Coverage(
  $edition: ID!, $given: GivenInput, $view: ViewInput, $maxHops: Int!, $status: [CoverageStatus!], $assessed: AssessedInput,
  $whose: Boolean!, $first: Int!, $after: String
) {
  release { id }
  answer: coverage(edition: $edition, given: $given, view: $view, maxHops: $maxHops, assessed: $assessed) {
    ...Report
    inPlaceSummary @include(if: $whose) { assessable full partial possible excluded unknown notApplicable contradicted }
    page: requirements(status: $status, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        ...Row gaps { type explanation { value } }
        inPlace @include(if: $whose) { status contradicted assessment { status date reviewer } }
      }
    }
  }
}
"""
    + _REPORT
)

GAPS: Final = (
    """
query Gaps(
  $edition: ID!, $given: GivenInput, $view: ViewInput, $maxHops: Int!, $first: Int!, $after: String
) {
  release { id }
  answer: coverage(edition: $edition, given: $given, view: $view, maxHops: $maxHops) {
    ...Report
    page: requirements(status: [PARTIAL, POSSIBLE, EXCLUDED, UNKNOWN], first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        ...Row
        gaps { type explanation { value } about { ...Ref } closedBy { ...Ref } closedTogetherBy { ...Ref } }
      }
    }
  }
}
"""
    + _REPORT
)

CROSSWALK: Final = (
    """
query Crosswalk(
  $source: ID!, $target: ID!, $view: ViewInput, $maxHops: Int!, $include: [CrosswalkInclude!], $first: Int!, $after: String
) {
  release { id }
  answer: crosswalk(source: $source, target: $target, view: $view, maxHops: $maxHops, include: $include) {
    source { ...Ref } target { ...Ref }
    summary { certain candidates disputed shared unmappedSource unmappedTarget }
    nothingFound { reason hops explanation { value } }
    page: rows(orderBy: [{field: SCORE, direction: DESC, nulls: FIRST}], first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { source { ...Ref } target { ...Ref } relation { relations } candidate score proof { ...Why } }
    }
  }
}
"""
    + _WHY
)

THREATS: Final = (
    """
query Threats(
  $given: GivenInput, $view: ViewInput, $edition: ID, $tactic: ID, $source: ID, $open: Boolean, $first: Int!, $after: String
) {
  release { id }
  answer: threats(
    given: $given, view: $view, edition: $edition, tactic: $tactic, source: $source, open: $open, first: $first, after: $after
  ) {
    edition { ...Ref } tactic { ...Ref } source { id } unlinked { ...Ref }
    summary { threats protected detected responded otherwise addressed open addressedRatio outOfUse undefined }
    page: rows {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        threat { ...Ref } tactics { ...Ref } open openCategories
        measures { category score control { ...Ref } authority statement { ...Said } mappingSet { id } }
      }
    }
  }
}
"""
    + _SAID
)
