"""The kinds of problems: each code of a failure with the address, the title and the meaning that RFC 9457's `type` leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.graphql.masking import INTERNAL
from kakehashi.vocabulary.text import ErrorCode, Text

PATH: Final = "/problems"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem."""

    code: str
    title: Text
    meaning: Text

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.code.lower().replace("_", "-")

    @property
    def address(self) -> str:
        """Its `type`: a reference within the server, which leads to the kind's description."""
        return f"{PATH}/{self.name}"


_KINDS: Final = (
    Kind(
        ErrorCode.BAD_USER_INPUT,
        Text("この要求には答えられません", "The request cannot be answered as it is"),
        Text(
            "要求の書き方か中身に誤りがあります。detailとerrorsに従って直し、送り直してください。",
            "Something is wrong in how the request is written, or in what it names. Mend what detail and errors say, and "
            "send it again.",
        ),
    ),
    Kind(
        ErrorCode.NOT_FOUND,
        Text("見つかりません", "Not found"),
        Text(
            "そのアドレスには何もないか、配信中のリリースにそのIDのものがありません。",
            "There is nothing at the address, or the served release has nothing with the id.",
        ),
    ),
    Kind(
        ErrorCode.FORBIDDEN,
        Text("許可されていません", "Not allowed"),
        Text(
            "内容はありますが、出典の条件か利用者の権限により渡せません。",
            "It is there, and its source's terms or your rights do not let you have it.",
        ),
    ),
    Kind(
        ErrorCode.NO_RELEASE,
        Text("まだリリースがありません", "There is no release yet"),
        Text(
            "サーバーは動いていますが、答えるもとになるリリースがありません。",
            "The server lives, but has no release to answer from.",
        ),
    ),
    Kind(
        ErrorCode.BUSY,
        Text("混み合っています", "Busy"),
        Text("Retry-Afterの秒数だけ待ち、送り直してください。", "Wait as many seconds as Retry-After says, and send it again."),
    ),
    Kind(
        ErrorCode.INVALID_SOURCE,
        Text("ファイルの中身に誤りがあります", "The file is not as it should be"),
        Text(
            "読み込もうとしたファイルに、detailとerrorsに示す誤りがあります。",
            "The file that was to be loaded has the faults that detail and errors tell.",
        ),
    ),
    Kind(
        ErrorCode.MISSING_PROGRAM,
        Text("必要なプログラムがありません", "A program is missing"),
        Text(
            "サーバーに必要なプログラムが入っていません。管理者にお知らせください。",
            "The server lacks a program that this needs. Please tell whoever runs it.",
        ),
    ),
    Kind(
        ErrorCode.STORE_FAILED,
        Text("保存先から応答がありません", "The store does not answer"),
        Text(
            "リリースの保存先に届きません。しばらく待って送り直してください。",
            "The store of the releases cannot be reached. Send it again after a while.",
        ),
    ),
    Kind(
        ErrorCode.FETCH_FAILED,
        Text("取得できませんでした", "It could not be fetched"),
        Text("公表元から取得できませんでした。", "It could not be fetched from its publisher."),
    ),
    Kind(
        INTERNAL,
        Text("予期しない誤り", "Something unexpected"),
        Text(
            "サーバーの側の誤りです。requestIdを添えてお知らせください。",
            "The mistake is the server's. Please report it with its requestId.",
        ),
    ),
)

KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _KINDS}


def kind_of(code: str) -> Kind:
    """The kind of a code; what has none of its own is a request that cannot be answered as it is."""
    return KINDS.get(code, KINDS[ErrorCode.BAD_USER_INPUT])
