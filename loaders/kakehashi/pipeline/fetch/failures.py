"""Why a fetch fails, in both languages."""

from typing import Final

import httpx2

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

BAD_URL: Final = Text("「{url}」はURLとして読めません。", "'{url}' is no URL.")
SCHEME: Final = Text(
    "「{scheme}:」のアドレスからは取得しません。http: か https: のアドレスを指定してください。",
    "Nothing is fetched from a '{scheme}:' address. Name an http: or https: one.",
)
USERINFO: Final = Text(
    "URLに利用者名やパスワードを書くことはできません({url})。",
    "A URL must not hold a user name or a password ({url}).",
)
NOT_PUBLIC: Final = Text(
    "{host} は公開されたアドレスではありません({address})。意図したものなら、内部のアドレスを許可してください。",
    "{host} is at no public address ({address}). If this is meant, allow private addresses.",
)
UNKNOWN_HOST: Final = Text("{host} のアドレスが分かりません({reason})。", "The address of {host} is not known ({reason}).")
DOWNGRADE: Final = Text(
    "{url} は暗号化されていない {target} へ転送します。従いません。",
    "{url} redirects to {target}, which is not encrypted. That is not followed.",
)
MANY_REDIRECTS: Final = Text("{url} からの転送が{limit}回を超えました。", "{url} redirects more than {limit} times.")
BAD_REDIRECT: Final = Text("{url} の転送先がURLとして読めません。", "{url} redirects to what is no URL.")
STATUS: Final = Text("{url} が状態{status}を返しました。", "{url} answered with status {status}.")
CUT: Final = Text("{url} との通信が途切れました({reason})。", "The connection to {url} failed ({reason}).")
CERTIFICATE: Final = Text("{url} の証明書を確認できません({reason})。", "The certificate of {url} cannot be trusted ({reason}).")
TOO_SLOW: Final = Text("{url} の取得が{seconds}秒で終わりませんでした。", "{url} was not fetched within {seconds} seconds.")
COME_BACK: Final = Text(
    "{url} が{seconds}秒後に再試行するよう求めています。後でやり直してください。",
    "{url} asks to be tried again in {seconds} seconds. Come back later.",
)
TOO_LARGE: Final = Text("{url} は上限の{limit}バイトを超えています。", "{url} is larger than the limit of {limit} bytes.")
ENCODING: Final = Text(
    "{url} の圧縮形式「{encoding}」は使えません。",
    "{url} comes in the encoding '{encoding}', which is not accepted.",
)
BAD_GZIP: Final = Text("{url} のgzipが壊れています。", "The gzip data of {url} is broken.")
NO_LENGTH: Final = Text(
    "{url} は長さを伝えないため、途中で切れても分かりません。SHA-256を指定してください。",
    "{url} does not say how long it is, so a cut would not be noticed. Give its SHA-256.",
)
RESTART: Final = Text("{url} は途中から続けられません。", "{url} cannot be continued where it was cut.")
CHECKSUM: Final = Text(
    "{url} のSHA-256が {found} であり、期待した {expected} ではありません。内容は使いません。",
    "The SHA-256 of {url} is {found}, not {expected} as expected. Nothing of it is used.",
)
BUSY: Final = Text(
    "別のプロセスが {url} を取得しています。終わるのを待ってやり直してください。",
    "Another process is fetching {url}. Wait for it and try again.",
)
CACHE: Final = Text("キャッシュ {folder} を使えません({reason})。", "The cache {folder} cannot be used ({reason}).")


class FetchError(KakehashiError):
    """A file was not fetched, and trying once more at once would not help."""

    def __init__(self, text: Text, code: ErrorCode = ErrorCode.FETCH_FAILED) -> None:
        super().__init__(code, text)


class AgainError(Exception):
    """An attempt failed that may well succeed when repeated, after `wait` seconds where the server named them."""

    def __init__(self, text: Text, wait: float | None = None) -> None:
        super().__init__(text.en)
        self.text, self.wait = text, wait


def shown(url: httpx2.URL) -> str:
    """An address as messages show it: without its query, which may hold a secret."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"
