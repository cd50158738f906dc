"""The codes of errors, and what to do. After a change: `python -m kakehashi.graphql.error_codes > docs/errors.md`."""

import sys
from collections.abc import Iterator, Mapping
from typing import Final

from kakehashi.graphql.execution import INTERNAL, PARSE_FAILED, VALIDATION_FAILED
from kakehashi.vocabulary.text import ErrorCode, Text

MEANINGS: Final[Mapping[str, Text]] = {
    ErrorCode.BAD_USER_INPUT: Text(
        "引数の値が正しくないか、互いに矛盾しています。メッセージの示す引数を直してください。",
        "A value of an argument cannot be, or two contradict. Mend the argument that the message names.",
    ),
    ErrorCode.NOT_FOUND: Text(
        "質問の対象として指定されたIDのものがありません。IDを確かめてください(searchで探せます)。",
        "What the question is about does not exist. Check the id; `search` finds it.",
    ),
    ErrorCode.INVALID_SOURCE: Text(
        "読み込むデータに誤りがあります。示されたファイルと行を直してください。",
        "The data to be loaded are faulty. Mend the files and lines that are named.",
    ),
    ErrorCode.NO_RELEASE: Text(
        "まだリリースがありません。「kakehashi build」の後にやり直してください。",
        "There is no release yet. Try again after `kakehashi build`.",
    ),
    ErrorCode.BUSY: Text(
        "別の作業が進んでいます。終わってからやり直してください。", "Something else is going on. Try again when it is done."
    ),
    ErrorCode.MISSING_PROGRAM: Text(
        "必要なプログラムが入っていません。メッセージの示すものを入れてください。",
        "A program that is needed is not installed. Install the one that the message names.",
    ),
    ErrorCode.STORE_FAILED: Text(
        "データの保存先が応答しないか、壊れています。運用者が確かめる必要があります。",
        "The store does not answer, or is damaged. Whoever operates it has to look.",
    ),
    ErrorCode.FETCH_FAILED: Text(
        "ファイルを取得できませんでした。アドレスと接続を確かめてください。",
        "A file could not be fetched. Check its address and the connection.",
    ),
    PARSE_FAILED: Text("GraphQLの文書として読めません。", "The query is no GraphQL document."),
    VALIDATION_FAILED: Text(
        "問い合わせがスキーマに合わないか、大きすぎます。/schema.graphqlと照らし合わせてください。",
        "The query does not fit the schema, or is too large. Compare it with /schema.graphql.",
    ),
    INTERNAL: Text(
        "予期しない誤りです。extensions.requestIdを添えてお知らせください。",
        "Something unexpected. Report it with `extensions.requestId`.",
    ),
}

_INTRODUCTION: Final = """\
# Outcomes and errors

An ordinary question may have an ordinary "no", and that is an answer with a type: `node`, `nodes` and `resource` are null
where there is nothing with that id; `asKnownIn` gives an `UnknownRelease` with those that are kept; `certifications` says
`NOT_LOADED` and which list to load; a crosswalk or a pair without a chain says why in `nothingFound`; `closeGaps` says in
`unproved` what the time did not suffice for; a requirement that is not met has typed `gaps`.

What cannot be answered as it was asked is an error: `errors[].extensions.code` is for programs, `message` is in the language of
the request, and `extensions.messages` has both.

質問に対する普通の「ない」は、誤りではなく、型のある答えです。`node`、`nodes`、`resource`は、そのIDのものがなければnullになります。
`asKnownIn`は、残っているリリースを挙げた`UnknownRelease`を返します。`certifications`は、読み込むべき一覧を示して`NOT_LOADED`と答えます。
つながりのない対照表や組は、その理由を`nothingFound`に示します。`closeGaps`は、時間内に証明できなかったことを`unproved`に示します。

そのままでは答えられない質問は誤りになります。プログラムは`errors[].extensions.code`を、人は`message`(依頼の言語)を読んでください。
`extensions.messages`には両方の言語の文があります。

| code | 意味と対処 | what it means, and what to do |
|---|---|---|
"""


def page() -> str:
    """The page of the documents."""
    return _INTRODUCTION + "".join(_rows())


def _rows() -> Iterator[str]:
    yield from (f"| `{code}` | {text.ja} | {text.en} |\n" for code, text in MEANINGS.items())


if __name__ == "__main__":
    sys.stdout.write(page())
