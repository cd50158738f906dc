"""The codes of errors, what each means, and what to do.

After a change: `python -m kakehashi.graphql.error_codes en > docs/errors.md`, and `ja > docs/errors.ja.md`.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.graphql.masking import INTERNAL, PARSE_FAILED, VALIDATION_FAILED
from kakehashi.vocabulary.text import ErrorCode, Text


@dataclass(frozen=True, slots=True)
class Explained:
    """What is said of a code: in a few words, and what it means and what to do."""

    title: Text
    meaning: Text


CODES: Final[Mapping[str, Explained]] = {
    ErrorCode.BAD_USER_INPUT: Explained(
        Text("この要求には答えられません", "The request cannot be answered as it is"),
        Text(
            "要求の書き方か値に誤りがあるか、互いに矛盾しています。メッセージの示すところを直し、送り直してください。",
            "Something is wrong in how the request is written, a value cannot be, or two contradict. Mend what the message "
            "names, and send it again.",
        ),
    ),
    ErrorCode.UNAUTHENTICATED: Explained(
        Text("認証が必要です", "A credential is needed"),
        Text(
            "APIキーかトークンがないか、有効ではありません。Authorizationヘッダーを確かめ、送り直してください。",
            "The API key or token is missing or does not hold. Look at the Authorization header, and send it again.",
        ),
    ),
    ErrorCode.FORBIDDEN: Explained(
        Text("許可されていません", "Not allowed"),
        Text(
            "内容はありますが、出典の条件か利用者の権限により渡せません。",
            "It is there, and its source's terms or your rights do not let you have it.",
        ),
    ),
    ErrorCode.NOT_FOUND: Explained(
        Text("見つかりません", "Not found"),
        Text(
            "そのアドレスには何もないか、配信中のリリースにそのIDのものがありません。IDを確かめてください(searchで探せます)。",
            "There is nothing at the address, or the served release has nothing with the id. Check the id; `search` finds it.",
        ),
    ),
    ErrorCode.CONFLICT: Explained(
        Text("状態が合いません", "It does not fit what is there"),
        Text(
            "配信中のリリースか取り込みの状態が、要求の前提と違います。いまの状態を確かめ、送り直してください。",
            "The served release, or the import, is not in the state that the request rests on. Look at it anew, and send it "
            "again.",
        ),
    ),
    ErrorCode.TOO_COMPLEX: Explained(
        Text("問い合わせが大きすぎます", "The query is too large"),
        Text(
            "一度に答えられる量を超えます。件数(first)を減らすか、問い合わせを分けてください。",
            "It asks for more than can be answered at once. Ask for fewer (first), or split it.",
        ),
    ),
    ErrorCode.TOO_SLOW: Explained(
        Text("時間の上限を超えました", "It took too long"),
        Text(
            "決められた時間内に答えられませんでした。件数(first)を減らすか、問い合わせを分けてください。",
            "It could not be answered within the time limit. Ask for fewer (first), or split it.",
        ),
    ),
    ErrorCode.RATE_LIMITED: Explained(
        Text("要求が多すぎます", "Too many requests"),
        Text(
            "1時間あたりのポイントを使い切りました。Retry-Afterの秒数だけ待ち、送り直してください。",
            "The points of an hour are spent. Wait as many seconds as Retry-After says, and send it again.",
        ),
    ),
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: Explained(
        Text("登録されていない文書です", "The document is not known"),
        Text(
            "そのIDの文書は登録されていません。IDを確かめるか、文書の全文を送ってください。",
            "No trusted document has the id. Check the id, or send the text of the document.",
        ),
    ),
    ErrorCode.TRUSTED_DOCUMENTS_ONLY: Explained(
        Text("登録された文書だけに答えます", "Only trusted documents are answered"),
        Text(
            "このサーバーは登録されたGraphQLの文書だけに答えます。文書のIDを送るか、管理者に登録を頼んでください。",
            "This server answers trusted documents alone. Send the id of one, or have whoever runs it add yours.",
        ),
    ),
    ErrorCode.NO_RELEASE: Explained(
        Text("まだリリースがありません", "There is no release yet"),
        Text(
            "サーバーは動いていますが、答えるもとになるリリースがありません。「kakehashi build」の後にやり直してください。",
            "The server lives, but has no release to answer from. Try again after `kakehashi build`.",
        ),
    ),
    ErrorCode.BUSY: Explained(
        Text("混み合っています", "Busy"),
        Text(
            "ほかの作業が進んでいます。少し待ち(Retry-Afterがあればその秒数)、送り直してください。",
            "Something else is going on. Wait a little, or as many seconds as Retry-After says, and send it again.",
        ),
    ),
    ErrorCode.INVALID_SOURCE: Explained(
        Text("ファイルの中身に誤りがあります", "The file is not as it should be"),
        Text(
            "読み込もうとしたデータに誤りがあります。示されたファイルと行を直してください。",
            "The data that were to be loaded are faulty. Mend the files and lines that are named.",
        ),
    ),
    ErrorCode.MISSING_PROGRAM: Explained(
        Text("必要なプログラムがありません", "A program is missing"),
        Text(
            "必要なプログラムが入っていません。メッセージの示すものを入れるか、管理者にお知らせください。",
            "A program that is needed is not installed. Install the one that the message names, or tell whoever runs the server.",
        ),
    ),
    ErrorCode.STORE_FAILED: Explained(
        Text("保存先から応答がありません", "The store does not answer"),
        Text(
            "データの保存先に届かないか、壊れています。しばらく待っても直らなければ、管理者が確かめる必要があります。",
            "The store cannot be reached, or is damaged. If that does not pass after a while, whoever runs the server has to "
            "look.",
        ),
    ),
    ErrorCode.FETCH_FAILED: Explained(
        Text("取得できませんでした", "It could not be fetched"),
        Text(
            "公表元からファイルを取得できませんでした。アドレスと接続を確かめてください。",
            "A file could not be fetched from its publisher. Check its address and the connection.",
        ),
    ),
    PARSE_FAILED: Explained(
        Text("GraphQLとして読めません", "No GraphQL document"),
        Text(
            "GraphQLの文書として読めないか、長すぎます。メッセージの示す位置を直してください。",
            "The query cannot be read as a GraphQL document, or is too long. Mend it where the message says.",
        ),
    ),
    VALIDATION_FAILED: Explained(
        Text("スキーマに合いません", "It does not fit the schema"),
        Text(
            "問い合わせか変数がスキーマに合いません。/schema.graphqlと照らし合わせてください。",
            "The query or its variables do not fit the schema. Compare them with /schema.graphql.",
        ),
    ),
    INTERNAL: Explained(
        Text("予期しない誤り", "Something unexpected"),
        Text(
            "サーバーの側の誤りです。requestIdを添えてお知らせください。",
            "The mistake is the server's. Please report it with its requestId.",
        ),
    ),
}

_INTRODUCTION: Final = Text(
    """\
# 答えと誤り

問い合わせに対する普通の「ない」は、誤りではなく、型のある答えです。`node`、`nodes`、`resource` は、そのIDのものがなければ
`null` になります。`asKnownIn` は、残っているリリースを挙げた `UnknownRelease` を返します。`certifications` は、読み込むべき一覧を
示して `NOT_LOADED` と答えます。つながりのない対応表や組は、その理由を `nothingFound` に示します。`closeGaps` は、時間内に
証明できなかったことを `unproved` に示します。満たされていない要求事項には、種類のある `gaps` が付きます。

そのままでは答えられない問い合わせは誤りになります。`errors[].extensions.code` はプログラムのためのコード、`message` は要求の
言語での説明であり、`extensions.messages` には両方の言語が入ります。RESTも同じコードを問題(RFC 9457)として返し、その `type` から
この説明を開けます。

| コード | 意味と対処 |
|---|---|
""",
    """\
# Outcomes and errors

An ordinary question may have an ordinary "no", and that is an answer with a type: `node`, `nodes` and `resource` are null where
there is nothing with that id; `asKnownIn` gives an `UnknownRelease` with those that are kept; `certifications` says `NOT_LOADED`
and which list to load; a crosswalk or a pair without a chain says why in `nothingFound`; `closeGaps` says in `unproved` what the
time did not suffice for; a requirement that is not met has typed `gaps`.

What cannot be answered as it was asked is an error: `errors[].extensions.code` is for programs, `message` is in the language of
the request, and `extensions.messages` has both. REST tells the same codes in its problems (RFC 9457), whose `type` leads to these
words.

| code | what it means, and what to do |
|---|---|
""",
)


def page(language: str) -> str:
    """The page of the documents."""
    rows = (f"| `{code}` | {one.meaning.in_language(language)} |\n" for code, one in CODES.items())
    return _INTRODUCTION.in_language(language) + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(page(sys.argv[1]))
