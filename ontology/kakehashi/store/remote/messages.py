"""What the store behind a server says to people when it fails."""

from typing import Final

from kakehashi.vocabulary.text import Text

BAD_ADDRESS: Final = Text(
    "ストアのアドレスが使えません({address})。http:// か https:// で始まるSPARQLエンドポイントを指定してください。",
    "The address of the store cannot be used ({address}). Give a SPARQL endpoint that begins with http:// or https://.",
)
UNKNOWN_PATH: Final = Text(
    "{address} から更新用とグラフストア用のアドレスが分かりません。3つのアドレスをすべて指定してください。",
    "The addresses for updates and for graphs do not follow from {address}. Give all three.",
)
UNREACHABLE: Final = Text(
    "ストア {address} から{attempts}回とも正しい応答がありませんでした: {problem}。サーバーの状態を確認してやり直してください。",
    "The store at {address} gave no whole answer in {attempts} attempts: {problem}. Check the server and try again.",
)
REFUSED: Final = Text(
    "ストア {address} がユーザー名かパスワードを受け付けませんでした(HTTP {status})。",
    "The store at {address} accepted neither the user name nor the password (HTTP {status}).",
)
ANSWERED: Final = Text(
    "ストア {address} がエラーを返しました(HTTP {status}): {problem}",
    "The store at {address} answered with an error (HTTP {status}): {problem}",
)
CUT_OFF: Final = Text(
    "ストアがグラフ {graph} の{wanted}件のうち{found}件しか返しませんでした。",
    "The store gave {found} of the {wanted} triples of the graph {graph}.",
)
LOST: Final = Text(
    "グラフ {graph} に{wanted}件あるはずですが{found}件です。もう一度読み込んでください。",
    "The graph {graph} should have {wanted} triples and has {found}. Load it again.",
)
WILL_NOT_EMPTY: Final = Text(
    "グラフ {graph} を空にできません。{found}件が残っています。",
    "The graph {graph} cannot be emptied: {found} triples remain.",
)
LONG_IRI: Final = Text(
    "{limit}バイトを超えるIRIは格納できません: {iri}…",
    "An IRI of more than {limit} bytes cannot be stored: {iri}…",
)
NO_SUCH_RELEASE: Final = Text("リリース {id} はありません。", "There is no release {id}.")
UNKNOWN_DESCRIPTION: Final = Text(
    "リリース {id} の記述を読めません。別の版のKakehashiが書いた可能性があります。",
    "The description of the release {id} cannot be read. Another version of Kakehashi may have written it.",
)
MANY_SERVED: Final = Text(
    "配信対象のリリースが複数記録されています: {found}。",
    "More than one release is recorded as the served one: {found}.",
)
MOVED: Final = Text(
    "別の処理が先に配信対象を {found} に切り替えました。もう一度実行してください。",
    "Another load switched the served release to {found} first. Run it again.",
)
CLAIMED: Final = Text(
    "別の処理がこのストアのリリースを切り替えています。終わるのを待ってやり直してください。",
    "Another load is switching or pruning the releases of this store. Wait for it and try again.",
)
