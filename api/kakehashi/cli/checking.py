"""`kakehashi check`: the ontology's lint, the sources against vocabulary and shapes, and on request the reasoner."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable

from rich.markup import escape

from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import ERR, OUT
from kakehashi.pipeline.build import read_all, validate
from kakehashi.pipeline.making import Maker
from kakehashi.vocabulary.files import graph
from kakehashi.vocabulary.lint import findings
from kakehashi.vocabulary.reasoner import inconsistencies


def check(maker: Maker, inputs: Sequence[Traversable], *, reason: bool) -> int:
    """Check everything and say what is wrong; the number of failed checks. Raises InvalidSourceError with all faults."""
    failed = _lint()
    if reason:
        failed += _reason()
    sources = read_all(inputs, maker)
    validate(sources, maker)
    count = sum(len(source.records) for source in sources)
    OUT.print(say(f"データ: {count}件の記録に誤りはありません。", f"Data: nothing is wrong with {count} records."))
    return failed


def _lint() -> int:
    found = findings()
    for finding in found:
        ERR.print(escape(f"{finding.rule}: {finding.question.in_language(LANGUAGE)} {finding.violation}"), soft_wrap=True)
    if not found:
        OUT.print(say("オントロジー: 品質検査に指摘はありません。", "Ontology: no lint finding."))
    return len(found)


def _reason() -> int:
    verdict = inconsistencies(graph("core.ttl", "sample.ttl"))
    OUT.print(escape(say("推論器: ", "Reasoner: ") + verdict.explanation.in_language(LANGUAGE)))
    return int(not verdict.sound)
