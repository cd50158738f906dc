"""What a computed value means, in both languages: one table for each, with the names and numbers of the case filled in."""

from collections.abc import Mapping, Sequence
from typing import Final

from kakehashi.crosswalk.algebra import ALL, DR, EQ, PO, PP, PPI, bases, is_determined
from kakehashi.crosswalk.comparison import Compared, Outcome
from kakehashi.crosswalk.coverage import ControlCoverage, Status
from kakehashi.crosswalk.disagreements import DisagreementKind
from kakehashi.crosswalk.gaps import RequirementCoverage
from kakehashi.crosswalk.in_place import InPlace
from kakehashi.crosswalk.meanings import CertificateRule
from kakehashi.crosswalk.migration import Verdict
from kakehashi.crosswalk.threats import Category, Exposure
from kakehashi.graphql.wording import named
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import Text

JOINTLY: Final = Text(
    "単独ですべてを満たすものはありませんが、{controls}を合わせると、この要求事項のすべてが満たされます。",
    "Nothing meets all of the requirement alone, but {controls} do together.",
)
OF_REQUIREMENT: Final[Mapping[Status, Text]] = {
    Status.FULL: Text(
        "{controls}が、単独でこの要求事項のすべてを満たします。",
        "All of the requirement is met by each of these alone: {controls}.",
    ),
    Status.PARTIAL: Text(
        "{controls}が、この要求事項の一部を満たします。すべてを満たすものはありません。",
        "A part of the requirement is met by {controls}; nothing meets all of it.",
    ),
    Status.POSSIBLE: Text(
        "公表された記述の連鎖でつながるものはありますが、満たすかどうかは決まりません。満たすものとしては数えません。",
        "Published statements link something that is given with it, and decide nothing. It is not counted as met.",
    ),
    Status.EXCLUDED: Text(
        "挙げられたものはすべて、この要求事項とは関係がないと述べられています。",
        "Everything that is given is stated to have no relationship with it.",
    ),
    Status.UNKNOWN: Text(
        "挙げられたものとこの要求事項の関係は、何も記録されていません。満たされていないという意味ではありません。",
        "Nothing is recorded of what is given and this requirement. That is not the same as not met.",
    ),
}
OF_CONTROL: Final[Mapping[Status, Text]] = {
    Status.FULL: Text("{control}は、この要求事項のすべてを満たします。", "{control} meets all of the requirement."),
    Status.PARTIAL: Text("{control}は、この要求事項の一部を満たします。", "{control} meets a part of the requirement."),
    Status.POSSIBLE: Text(
        "{control}は、公表された記述の連鎖でつながっていますが、満たすかどうかは決まりません。",
        "Published statements link {control} with the requirement, and decide nothing.",
    ),
    Status.EXCLUDED: Text(
        "{control}は、この要求事項とは関係がないと述べられています。", "{control} is stated to have no relationship with it."
    ),
    Status.UNKNOWN: Text("{control}については、何も記録されていません。", "Nothing is recorded of {control}."),
}
BY_RULE: Final[Mapping[CertificateRule, Text]] = {
    CertificateRule.ACCEPTED: Text(
        "要求事項の公表者が、{control}の認証をもって満たすものと認めています。",
        "The requirement's publisher accepts a certificate of {control} as meeting it.",
    ),
    CertificateRule.EVIDENCE: Text(
        "要求事項の公表者は、{control}の認証を目安として挙げていますが、それで足りるとは述べていません。",
        "The requirement's publisher names a certificate of {control} as a sign, without saying that it is enough.",
    ),
}
NOT_APPLICABLE: Final = Text("この要求事項は適用外と評価されています。", "It was found not to apply.")
ITSELF: Final = Text("この要求事項自体が、実施済みと評価されています。", "It was itself found to be in place.")
CONTRADICTED: Final = Text(
    "実施済みの条項はこの要求事項のすべてを満たすはずですが、要求事項自体は実施済みと評価されていません。"
    "評価か対応付けのどちらかが誤りです。",
    "The provisions in place prove all of it, and yet it was itself not found to be in place: an assessment or a "
    "mapping is wrong.",
)
OF_IN_PLACE: Final[Mapping[Status, Text]] = {
    Status.FULL: Text(
        "実施済みと評価された条項が、この要求事項のすべてを満たします。", "Provisions that are in place meet all of it."
    ),
    Status.PARTIAL: Text(
        "実施済みと評価された条項が、この要求事項の一部を満たします。", "Provisions that are in place meet a part of it."
    ),
    Status.POSSIBLE: Text(
        "実施済みと評価された条項とつながっていますが、満たすかどうかは決まりません。",
        "Provisions that are in place are linked with it, and decide nothing.",
    ),
    Status.EXCLUDED: Text(
        "実施済みと評価された条項はすべて、この要求事項とは関係がないと述べられています。",
        "All provisions that are in place are stated to have no relationship with it.",
    ),
    Status.UNKNOWN: Text(
        "この要求事項は評価されておらず、実施済みの条項との関係も記録されていません。",
        "It was not found to be in place, and nothing is recorded of it and the provisions that are.",
    ),
}
BASE: Final[Mapping[int, Text]] = {
    EQ: Text("前者と後者は等しい", "the first equals the second"),
    PP: Text("前者は後者に含まれる", "the first lies inside the second"),
    PPI: Text("前者は後者を含む", "the first contains the second"),
    PO: Text("両者は一部だけ重なる", "the two overlap in part"),
    DR: Text("両者は重ならない", "the two have nothing in common"),
}
DETERMINED: Final = Text("{possible}。", "As far as is known, {possible}.")
UNDETERMINED: Final = Text("関係は何も決まっていません。", "Nothing is known of the relation.")
OR: Final = Text("か、", ", or ")
ROW: Final = Text("{source}と{target}について: {relation}", "Of {source} and {target}: {relation}")
CANDIDATE: Final = Text(
    "{source}と{target}は公表された記述の連鎖でつながっていますが、関係は決まりません。"
    "公表者がこの組を挙げる見込みの推定は{percent}%です(推定であり、所見ではありません)。",
    "{source} and {target} are linked by published statements that decide nothing. The estimated chance that a "
    "publisher would list "
    "the pair is {percent} % (an estimate, and no finding).",
)
OPEN: Final = Text(
    "挙げられたもののうち、この脅威に対して何かをすると公表されているものはありません。",
    "Nothing that is given is published to do anything about it.",
)
ADDRESSED: Final = Text(
    "この脅威に対して公表されている働きは、防御{protect}件、検知{detect}件、対応{respond}件、その他{other}件です。"
    "要求事項を満たすことを示すものではありません。",
    "What is published that the given does about it: protect {protect}, detect {detect}, respond {respond}, other "
    "{other}. It says "
    "nothing of any requirement.",
)
STEP: Final = Text(
    "{addition}を加えると、新たに{full}件がFULLに、{partial}件がPARTIALになります。",
    "With {addition}, {full} more become FULL and {partial} more PARTIAL.",
)
CLOSED: Final = Text(
    "{count}件を加えると、新たに{full}件がFULLに、{partial}件がPARTIALになります。"
    "予算の範囲でこれに勝る組合せがないことは証明済みです。",
    "With {count} additions, {full} more become FULL and {partial} more PARTIAL. It is proved that nothing within the budget is "
    "better.",
)
CLOSED_UNPROVED: Final = Text(
    "{count}件を加えると、新たに{full}件がFULLに、{partial}件がPARTIALになります。"
    "最善であることは証明されていません。FULLになるのは多くても{most}件です。",
    "With {count} additions, {full} more become FULL and {partial} more PARTIAL. That it is the best is not proved; at "
    "most {most} "
    "can become FULL.",
)
OF_OUTCOME: Final[Mapping[Outcome, Text]] = {
    Outcome.BETTER: Text("{before}から{after}になり、改善します。", "It is better: {after} after {before}."),
    Outcome.WORSE: Text("{before}から{after}になり、後退します。", "It is worse: {after} after {before}."),
    Outcome.SAME: Text(
        "{before}から{after}で、証明されている程度は変わりません。", "It is no better and no worse: {after} after {before}."
    ),
    Outcome.ONLY_BEFORE: Text(
        "一つ目の報告({before})だけにある要求事項で、対応するものは二つ目にありません。",
        "Only the first report has it ({before}), and nothing that corresponds to it is in the second.",
    ),
    Outcome.ONLY_AFTER: Text(
        "二つ目の報告({after})だけにある要求事項で、対応するものは一つ目にありません。",
        "Only the second report has it ({after}), and nothing that corresponds to it is in the first.",
    ),
}
OF_VERDICT: Final[Mapping[Verdict, Text]] = {
    Verdict.CERTAIN: Text(
        "{new}についても、公表された関係がそのまま成り立ちます。", "The published relation still follows for {new}."
    ),
    Verdict.CHANGED: Text(
        "{new}については、公表されたものとは別の関係が成り立ちます。", "Something follows for {new}, and not what was published."
    ),
    Verdict.UNDECIDED: Text(
        "{new}については何も決まらず、人の判断が必要です。", "Nothing follows for {new}: a person has to decide."
    ),
    Verdict.LOST: Text("{new}へつながるものがありません。", "Nothing leads to {new}."),
}
OF_DISAGREEMENT: Final[Mapping[DisagreementKind, Text]] = {
    DisagreementKind.CONTRADICT: Text(
        "{source}と{target}について公表されている{count}件の記述は、同時には成り立ちません。",
        "The {count} published statements of {source} and {target} cannot all hold.",
    ),
    DisagreementKind.DIFFER: Text(
        "{source}と{target}について公表されている{count}件の記述は異なりますが、同時に成り立ち得ます。",
        "The {count} published statements of {source} and {target} differ, and can all hold.",
    ),
}


def of_requirement(snapshot: Snapshot, answer: RequirementCoverage) -> Text:
    """How far a requirement is met, and by what."""
    if answer.status is Status.FULL and answer.jointly:
        return named(snapshot, JOINTLY, {"controls": answer.jointly[0].controls})
    found = [one.control for one in answer.satisfied_by if one.status is answer.status]
    return named(snapshot, OF_REQUIREMENT[answer.status], {"controls": found})


def of_control(snapshot: Snapshot, answer: ControlCoverage) -> Text:
    """What one thing does for a requirement."""
    text = OF_CONTROL[answer.status] if answer.rule is None else BY_RULE[answer.rule.rule]
    return named(snapshot, text, {"control": [answer.control]})


def of_in_place(answer: InPlace) -> Text:
    """How far a requirement is in place."""
    if answer.status is None:
        return NOT_APPLICABLE
    if answer.contradicted:
        return CONTRADICTED
    return ITSELF if answer.itself else OF_IN_PLACE[answer.status]


def of_relation(bits: int) -> Text:
    """What a relation set leaves possible, read from the first to the second."""
    if not is_determined(bits & ALL):
        return UNDETERMINED
    possible = [BASE[base] for base in bases(bits)]
    joined = Text(OR.ja.join(one.ja for one in possible), OR.en.join(one.en for one in possible))
    return Text(DETERMINED.ja.format(possible=joined.ja), DETERMINED.en.format(possible=joined.en))


def of_pair(snapshot: Snapshot, ends: tuple[str, str], bits: int) -> Text:
    """What is known of two provisions."""
    relation = of_relation(bits)
    told = Text(ROW.ja.replace("{relation}", relation.ja), ROW.en.replace("{relation}", relation.en))
    return named(snapshot, told, {"source": ends[:1], "target": ends[1:]})


def of_candidate(snapshot: Snapshot, ends: tuple[str, str], score: float) -> Text:
    """That two provisions are linked and nothing is decided, with the estimate, rounded to a hundredth."""
    return named(snapshot, CANDIDATE, {"source": ends[:1], "target": ends[1:]}, percent=round(score * 100))


def of_exposure(exposure: Exposure) -> Text:
    """What is done about a threat."""
    if exposure.is_open:
        return OPEN
    counts = {one: sum(measure.category is one for measure in exposure.measures) for one in Category}
    other = counts[Category.MITIGATE] + counts[Category.UNSPECIFIED]
    return ADDRESSED(
        protect=counts[Category.PROTECT], detect=counts[Category.DETECT], respond=counts[Category.RESPOND], other=other
    )


def of_step(snapshot: Snapshot, addition: str, full: int, partial: int) -> Text:
    """What an addition raises."""
    return named(snapshot, STEP, {"addition": [addition]}, full=full, partial=partial)


def of_comparison(row: Compared) -> Text:
    """How a requirement fares in the second of two reports."""
    before, after = ("" if one is None else one.status.name for one in (row.before, row.after))
    return OF_OUTCOME[row.outcome](before=before, after=after)


def of_verdict(snapshot: Snapshot, verdict: Verdict, new: str) -> Text:
    """What is left of a row for one provision of the new edition."""
    return named(snapshot, OF_VERDICT[verdict], {"new": [new]})


def of_disagreement(snapshot: Snapshot, kind: DisagreementKind, ends: Sequence[str], count: int) -> Text:
    """How what is published of a pair differs."""
    return named(snapshot, OF_DISAGREEMENT[kind], {"source": ends[:1], "target": ends[1:]}, count=count)
