"""Settings: each a field with its description in both languages, and nowhere else.

Options of the command line win over the environment, that over secret files, those over the settings file, and that over the
defaults (docs/decisions/0024).
"""

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from kakehashi.cli.settings_sources import PREFIX, refusal, secret_files, settings_file, unknown_variables
from kakehashi.vocabulary.iris import DEFAULT_BASE
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

Port = Annotated[int, Field(ge=1, le=65535)]
NOT_JSON: Final = Text("JSONとして読めない設定があります: {problem}", "A setting is not JSON: {problem}")

Share = Annotated[float, Field(ge=0, le=1)]


class Settings(BaseSettings):
    """What can be set. KakehashiError(BAD_USER_INPUT) names what cannot be read, and where it was said."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid")

    home: Annotated[Path, Text("リリースを置くフォルダ", "The folder of releases")] = Path(".kakehashi")
    base: Annotated[str, Text("項目のIRIの先頭", "What the IRIs of resources begin with")] = DEFAULT_BASE
    store: Annotated[
        str | None,
        Text(
            "リリースを置くSPARQLサーバーの問い合わせ先(未設定ならホームの中に置く)",
            "The query address of the SPARQL server that holds the releases; unset, they lie in the home",
        ),
    ] = None
    store_update: Annotated[
        str | None,
        Text("更新先(OxigraphとVirtuosoでは不要)", "The server's address for updates, where it is neither Oxigraph nor Virtuoso"),
    ] = None
    store_graphs: Annotated[
        str | None,
        Text(
            "Graph Storeプロトコルの宛先(OxigraphとVirtuosoでは不要)",
            "The server's address for the Graph Store protocol, where it is neither Oxigraph nor Virtuoso",
        ),
    ] = None
    store_user: Annotated[str | None, Text("SPARQLサーバーの利用者名", "The user of the SPARQL server")] = None
    store_password: Annotated[SecretStr | None, Text("その利用者のパスワード", "That user's password")] = None
    sparql: Annotated[bool, Text("/sparqlも配信する", "Serve /sparql too")] = False
    sparql_all: Annotated[
        bool,
        Text(
            "再配布を認めていない出典も/sparqlで答える(社内用)",
            "Let /sparql answer from all sources, for use in the house",
        ),
    ] = False
    sparql_time_limit: Annotated[
        float, Field(gt=0, le=3600), Text("/sparqlの一件の時間の上限(秒)", "How many seconds a query of /sparql may take")
    ] = 10.0
    serve_private: Annotated[
        bool,
        Text(
            "非公開の評価も答える(この端末からの利用に限る)",
            "Answer from private assessments too, on a server that listens on this machine alone",
        ),
    ] = False
    sparql_workers: Annotated[
        int, Field(ge=1, le=64), Text("/sparqlで同時に答える件数", "How many queries of /sparql are answered at a time")
    ] = 2
    host: Annotated[str, Text("待ち受けるアドレス", "The address to listen on")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535), Text("待ち受けるポート(0なら空いているもの)", "The port to listen on; 0 is a free one")
    ] = 8000
    workers: Annotated[int, Field(ge=1, le=64), Text("配信するプロセスの数", "How many processes serve")] = 1
    proxies: Annotated[
        str,
        Text(
            "X-Forwarded-Forを信じる中継サーバーのアドレス(カンマ区切り、サブネットも可。未設定なら誰のものも信じない)",
            "The proxies whose X-Forwarded-For is believed: addresses or networks, parted by commas; unset, nobody's is",
        ),
    ] = ""
    drain_seconds: Annotated[
        float,
        Field(ge=0, le=300),
        Text(
            "終了の合図(SIGTERM)の後、/readyzが503を返しながらなお受け付ける秒数",
            "For how many seconds after SIGTERM requests are still taken while /readyz says 503",
        ),
    ] = 1.0
    stop_seconds: Annotated[
        int,
        Field(ge=1, le=3600),
        Text("その後、答えかけの要求を待つ秒数", "How many seconds running requests then have to finish"),
    ] = 30
    log: Annotated[Literal["json", "console"], Text("ログの形式", "The form of the log")] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Text("これより軽い事柄はログに書かない", "What weighs less than this is not logged"),
    ] = "info"
    metrics_port: Annotated[
        Port | None,
        Text(
            "/metrics(Prometheus)を待ち受けるポート(未設定なら出さない)",
            "The port of /metrics for Prometheus; unset, there is none",
        ),
    ] = None
    metrics_host: Annotated[str, Text("/metricsを待ち受けるアドレス", "The address on which /metrics listens")] = "127.0.0.1"
    traces: Annotated[
        str | None,
        Text(
            "トレースを送るOpenTelemetryコレクターのアドレス(OTLP/HTTP、例: http://127.0.0.1:4318)",
            "The address of the OpenTelemetry collector that traces go to (OTLP/HTTP, as http://127.0.0.1:4318)",
        ),
    ] = None
    traces_share: Annotated[
        Share,
        Text(
            "トレースする要求の割合(呼び出し元が決めていればそれに従う)",
            "The share of requests that are traced, where the caller has not decided it",
        ),
    ] = 1.0
    mcp: Annotated[bool, Text("AIアシスタント向けのツールを/mcpで提供する", "Mount the tools for assistants at /mcp")] = False
    mcp_hosts: Annotated[
        tuple[str, ...],
        Text(
            "この端末のほかに/mcpの宛先(Host)として認める名前(JSONの配列)",
            "The hosts beside this machine that requests to /mcp may be addressed to, a JSON list",
        ),
    ] = ()
    keys: Annotated[
        Path | None,
        Text(
            "APIキーを置くフォルダ(未設定ならホームの中)",
            "The folder of the API keys, for replicas to share; unset, below the home",
        ),
    ] = None
    anonymous_read: Annotated[bool, Text("キーやトークンなしでも読める", "Let anybody read without a key or a token")] = True
    oidc_issuer: Annotated[str | None, Text("トークンを受け付ける発行者(iss)", "The issuer whose tokens are accepted (iss)")] = (
        None
    )
    oidc_audience: Annotated[str | None, Text("トークンの宛先(aud)", "The audience of those tokens (aud)")] = None
    oidc_jwks_url: Annotated[
        str | None, Text("発行者の公開鍵(JWKS)のアドレス", "The address of the issuer's public keys (JWKS)")
    ] = None
    oidc_algorithms: Annotated[
        str, Text("認める署名方式(カンマ区切り)", "The algorithms that it may sign with, parted by commas")
    ] = "RS256,ES256"
    oidc_leeway: Annotated[float, Field(ge=0, le=300), Text("時計のずれの許容(秒)", "By how many seconds clocks may differ")] = (
        30.0
    )
    oidc_scopes_claim: Annotated[str, Text("権限を述べるクレームの名前", "The claim in which a token tells its scopes")] = "scope"
    oidc_organisations_claim: Annotated[
        str, Text("組織を述べるクレームの名前", "The claim in which a token tells its organisations")
    ] = "organisations"
    imports: Annotated[
        bool, Text("POST /importsで取り込みを受け付け、作成する", "Take imports at POST /imports, and build them")
    ] = False
    imports_folder: Annotated[
        Path | None,
        Text(
            "届いた取り込みを置くフォルダ(未設定ならホームの中)",
            "The folder of what was sent in, for replicas to share; unset, below the home",
        ),
    ] = None
    imports_max_bytes: Annotated[
        int, Field(ge=1, le=512 * 1024 * 1024), Text("取り込み一件の上限(バイト)", "How large an import may be, in bytes")
    ] = 64 * 1024 * 1024
    imports_kept: Annotated[
        int, Field(ge=1, le=10_000), Text("記録を残す終了済みの取り込みの件数", "How many finished imports are remembered")
    ] = 200
    trusted_documents: Annotated[
        Path | None,
        Text(
            "sha256で指定できる登録済み文書の一覧(JSON)又はフォルダ",
            "A manifest or a folder of documents that are asked for by their sha256",
        ),
    ] = None
    trusted_only: Annotated[bool, Text("登録済みの文書にだけ答える", "Refuse all other documents")] = False
    rate_limit: Annotated[
        int,
        Field(ge=0, le=1_000_000),
        Text("利用者が1時間に使えるポイント(0なら無制限)", "How many points a client may spend an hour; 0 is no limit"),
    ] = 5000
    rate_limit_storage: Annotated[
        SecretStr,
        Text("ポイントを数える場所(memory://、redis://…)", "Where points are counted (memory://, redis://…)"),
    ] = SecretStr("memory://")
    origins: Annotated[
        str,
        Text(
            "回答を読めるサイト(カンマ区切り、*なら誰でも読めるものを任意のサイトに)",
            "The sites whose pages may read answers, parted by commas; with *, any may read what anybody may",
        ),
    ] = "*"
    places: Annotated[int, Field(ge=1, le=32), Text("同時に計算する回答の数", "How many answers are computed at a time")] = 16
    time_limit: Annotated[float, Field(gt=0, le=600), Text("回答一件の時間の上限(秒)", "How many seconds an answer may take")] = (
        20.0
    )

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - a value of any setting
        unknown_variables(type(self).model_fields)
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise refusal(error, type(self)) from error
        except SettingsError as error:  # a list or a table that is not JSON
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOT_JSON(problem=error)) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Strongest first."""
        return (init_settings, env_settings, *secret_files(settings_cls), *settings_file(settings_cls))
