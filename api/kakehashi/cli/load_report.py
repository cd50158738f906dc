"""A load's report on the terminal: a row a source, every fault of what was refused, what dangles and what does not count."""

from collections.abc import Iterator

from rich.markup import escape

from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import ERR, OUT, table
from kakehashi.crosswalk.standing import Standing
from kakehashi.pipeline.counted import in_words
from kakehashi.pipeline.report import LoadReport, Outcome, Remark, SourceReport
from kakehashi.vocabulary.text import Text

SHOWN_FAULTS = 20
SHOWN_COUNTS = 3

OUTCOMES = {
    Outcome.LOADED: (Text("読み込み", "loaded"), "green"),
    Outcome.REPLACED: (Text("置き換え", "replaced"), "green"),
    Outcome.UNCHANGED: (Text("変更なし", "unchanged"), "dim"),
    Outcome.DUPLICATE: (Text("重複", "duplicate"), "dim"),
    Outcome.REFUSED: (Text("拒否", "refused"), "red"),
}
STANDINGS = {
    Standing.COUNTS: Text("関係の計算に入る", "count in the algebra"),
    Standing.ON_HEADING: Text("見出しについてのもの", "on headings"),
    Standing.OUT_OF_USE: Text("廃止されたものについてのもの", "on what is withdrawn, deprecated or revoked"),
    Standing.DANGLING: Text("解決できない参照についてのもの", "on dangling references"),
    Standing.REVERSE: Text("他の集の逆向き", "reverses of other sets"),
    Standing.COMPOSED: Text("他の集の合成", "composed of other sets"),
    Standing.THREAT_LINK: Text("脅威とのつながり", "links to threats"),
    Standing.OTHER_ENDS: Text("条項以外についてのもの", "between things that are no provisions"),
    Standing.SELF: Text("自身との関係を述べるもの", "of a thing to itself"),
    Standing.NO_SET_RELATION: Text("集合の関係を述べないもの", "that state no set relation"),
}


def exit_code(report: LoadReport) -> int:
    """0 where all was loaded, 2 where some was refused, 1 where nothing was loaded."""
    if not report.refused:
        return 0
    return 1 if len(report.refused) == len(report.sources) else 2


def show(report: LoadReport, *, details: bool = False) -> None:
    """Print the report; with details, what makes no record and why, source by source."""
    headings = (
        say("出典", "Source"),
        say("結果", "Outcome"),
        say("内容", "Found"),
        say("件数", "Counts"),
    )
    table(headings, [_row(one) for one in report.sources])
    for source in report.sources if details else ():
        for line in _left(source):
            OUT.print(line, soft_wrap=True)
    for source in report.refused:
        for line in _faults(source):
            ERR.print(line, soft_wrap=True)
    if report.private is not None:
        OUT.print(say(f"非公開のリリースは {report.private} です。", f"The private release is {report.private}."))
    if report.release is None:
        ERR.print(say("何も読み込まれませんでした。", "Nothing was loaded."))
        return
    counts = "、".join if LANGUAGE == "ja" else ", ".join
    standings = counts(f"{STANDINGS[Standing(name)].in_language(LANGUAGE)} {count:,}" for name, count in report.standings.items())
    if report.standings:
        OUT.print(say(f"対応付け: {standings}", f"Mappings: {standings}"))
        OUT.print(say(f"解決できない参照: {report.dangling:,}件", f"Dangling references: {report.dangling:,}"))
    if report.fresh:
        OUT.print(say(f"リリース {report.release} を作成しました。", f"Release {report.release} was made."))
    else:
        OUT.print(say(f"リリースは {report.release} のまま変わりません。", f"Release {report.release} stays as it was."))


def _row(source: SourceReport) -> tuple[str, ...]:
    text, style = OUTCOMES[source.outcome]
    name = source.source or source.files[0]
    more = "" if len(source.files) == 1 else say(f"(ほか{len(source.files) - 1}件)", f" (and {len(source.files) - 1} more)")
    files = "" if name == source.files[0] else f"\n[dim]{escape(source.files[0] + more)}[/]"
    return (
        escape(name) + files,
        f"[{style}]{text.in_language(LANGUAGE)}[/]",
        escape(_found(source.found)),
        "\n".join(f"{name} {count}" for name, count in _counts(source) if count),
    )


def _counts(source: SourceReport) -> Iterator[tuple[str, str]]:
    """What became of it; below one another, for a terminal of 80 columns has no room for a column each."""
    yield say("項目", "resources"), _kept(source, "resource")
    yield say("記述", "statements"), _kept(source, "statement", "assessment")
    yield say("除外", "left out"), _number(sum(remark.count for remark in source.left_out))
    yield say("未解決", "dangling"), _number(source.dangling)


def _kept(source: SourceReport, *kinds: str) -> str:
    """How many there are; how many there were too, where a source was replaced and has another number of them."""
    before, now = (sum(counts.get(kind, 0) for kind in kinds) for counts in (source.kept_before, source.kept))
    replaced = source.outcome is Outcome.REPLACED and before != now
    return f"{before:,} → {now:,}" if replaced else _number(now)


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def _found(counts: dict[str, int]) -> str:
    most = sorted(counts.items(), key=lambda one: -one[1])[:SHOWN_COUNTS]
    return "\n".join(f"{in_words(name).in_language(LANGUAGE)} {count:,}" for name, count in most)


def _left(source: SourceReport) -> Iterator[str]:
    if source.left_out or source.dangling:
        yield f"[bold]{escape(source.source or source.files[0])}[/]"
    for remark in source.left_out:
        yield escape(f"  {remark.count:,} × {remark.text.in_language(LANGUAGE)} ({', '.join(remark.places[:2])})")
    if source.dangling:
        examples = ", ".join(source.dangling_examples)
        yield escape(
            say(f"  {source.dangling:,} × 解決できない参照 ({examples})", f"  {source.dangling:,} × dangling ({examples})")
        )


def _faults(source: SourceReport) -> Iterator[str]:
    for remark in source.faults[:SHOWN_FAULTS]:
        yield _fault(remark)
    rest = len(source.faults) - SHOWN_FAULTS
    if rest > 0:
        yield say(f"  ほか{rest}件", f"  {rest} more")


def _fault(remark: Remark) -> str:
    return f"[bold]{escape(remark.places[0])}[/]: {escape(remark.text.in_language(LANGUAGE))}"
