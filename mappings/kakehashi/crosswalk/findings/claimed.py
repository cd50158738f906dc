"""What vendors claim of their capabilities against what others map of them. Neither side need be wrong, and both are named."""

from collections.abc import Iterator
from typing import Final

from kakehashi.crosswalk.claims import Disagreement, claims_of, disagreements, mapped_of
from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, listed, told
from kakehashi.crosswalk.findings.published import Published
from kakehashi.crosswalk.threats import Category
from kakehashi.records.values import Certainty
from kakehashi.vocabulary.text import Text

WORDS: Final = {
    Category.PROTECT: Text("防御", "protect"),
    Category.DETECT: Text("検知", "detect"),
    Category.RESPOND: Text("対処", "respond"),
}
NOT_MAPPED = Text(
    "{origin} は {capability} を「{category}」のためのものとしていますが、公開の対応付け {sets} にその行はありません"
    "(あるのは {rows})。",
    "{origin} claims that {capability} is there to {category}; of the rows in the public mapping {sets} none says so "
    "(there are: {rows}).",
)
UNMAPPED = Text(
    "{origin} は {capability} を「{category}」のためのものとしていますが、その公開の対応付けは見つかりません。",
    "{origin} claims that {capability} is there to {category}; no public mapping of it is known.",
)
READ = Text(
    "{told}この主張は原文に書かれたものではなく、編集者の読み取りです。",
    "{told} That it claims so is our reading, and not printed.",
)


def faults_of_claims(published: Published) -> Iterator[Finding]:
    """One finding for each capability and claimed category that no public row bears out."""
    statements = published.statements.values()
    for one in disagreements(claims_of(statements), mapped_of(statements)):
        yield _finding(published, one)


def _finding(published: Published, found: Disagreement) -> Finding:
    rows = tuple(row for of_category in found.mapped.values() for row in of_category)
    sets, claim = published.sets_of(rows), published.statements[found.claim.statement]
    text = told(
        NOT_MAPPED if rows else UNMAPPED, origin=claim.source, capability=found.claim.capability,
        category=WORDS[found.claim.category], sets=listed(sets), rows=_counted(found),
    )  # fmt: skip
    return Finding(
        kind=FindingKind.CLAIM_NOT_MAPPED if rows else FindingKind.CLAIM_UNMAPPED, mapping_sets=sets,
        statements=(claim.id, *rows), ends=(found.claim.capability,), claim=found,
        explanation=told(READ, told=text) if claim.certainty is Certainty.INFERRED else text,
    )  # fmt: skip


def _counted(found: Disagreement) -> Text:
    """How many rows there are of each category: detect 6."""
    ja = (f"{WORDS[category].ja} {len(rows)}" for category, rows in found.mapped.items())
    en = (f"{WORDS[category].en} {len(rows)}" for category, rows in found.mapped.items())
    return Text(listed(ja).ja, listed(en).en)
