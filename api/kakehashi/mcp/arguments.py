"""What the tools can be asked: each a small record, whose JSON Schema an assistant is shown."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from kakehashi.vocabulary.text import Text

DEFAULT_FIRST: Final = 20
MAX_FIRST: Final = 50
MAX_ID: Final = 400
MAX_TEXT: Final = 200
MAX_LISTED: Final = 100


def both(ja: str, en: str) -> str:
    """One description in both languages: nobody knows which one the reader's assistant speaks."""
    return f"{en} / {ja}"


def _described(ja: str, en: str, **bounds: Any) -> Any:  # noqa: ANN401 - pydantic's own type of a field
    return Field(description=both(ja, en), **bounds)


Id = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
Ids = Annotated[list[Id], Field(max_length=MAX_LISTED)]
Authority = Literal["OFFICIAL", "THIRD_PARTY", "CURATED", "VENDOR", "INFERRED"]
Status = Literal["FULL", "PARTIAL", "POSSIBLE", "EXCLUDED", "UNKNOWN"]


class Asked(BaseModel):
    """What every tool can be told. Names that no field has are refused, so that a slip of the pen asks for nothing else."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    lang: Annotated[
        Literal["ja", "en"] | None,
        _described("回答の言語。省略時は接続の言語", "The language of names and explanations; else that of the connection"),
    ] = None

    def variables(self) -> dict[str, Any]:
        """The document's variables; fields that a document names alike stand for themselves."""
        return self.model_dump(mode="json", by_alias=True, exclude={"lang"})


class _Paged(Asked):
    first: Annotated[int, _described("1ページの件数", "How many on a page", ge=1, le=MAX_FIRST)] = DEFAULT_FIRST
    after: Annotated[
        str | None,
        _described("続きを読む: 前の回答のnext", "To go on: the `next` of the answer before", max_length=4 * MAX_ID),
    ] = None


class _Viewed(_Paged):
    min_authority: Annotated[
        Authority, _described("認める根拠の下限", "The weakest authority that counts; INFERRED takes drafts too")
    ] = "VENDOR"
    as_of: Annotated[date | None, _described("基準日。省略時は今日(東京)", "The day to judge at; else today in Tokyo")] = None

    def variables(self) -> dict[str, Any]:
        """The view as GraphQL takes it."""
        told = super().variables()
        return told | {"view": {"minAuthority": told.pop("minAuthority"), "asOf": told.pop("asOf")}}


class _Chained(_Viewed):
    max_hops: Annotated[int, _described("記述の連鎖の長さの上限", "The longest chain of statements", ge=1, le=4)] = 1


class Certificate(BaseModel):
    """A certificate that is held."""

    model_config = Asked.model_config

    scheme: Annotated[Id, _described("制度または規格のID", "The id of its scheme or standard")]
    product: Annotated[Id | None, _described("対象の製品", "The product that it is for")] = None
    edition: Annotated[Id | None, _described("基準となる版", "The edition that it is issued against")] = None
    scope: Annotated[Ids | None, _described("範囲となる条項や版", "The provisions or editions that it is limited to")] = None
    valid_from: Annotated[date | None, _described("初日", "Its first day")] = None
    valid_to: Annotated[date | None, _described("末日", "Its last day")] = None


class Given(BaseModel):
    """What someone has. Nothing said is nothing given."""

    model_config = Asked.model_config

    products: Annotated[Ids, _described("製品のID", "Ids of products")] = []
    plans: Annotated[Ids, _described("ライセンスプランのID", "Ids of licence plans")] = []
    controls: Annotated[Ids, _described("働きや契約条件のID", "Ids of capabilities or contract terms")] = []
    certificates: Annotated[list[Certificate], _described("証明書", "Certificates", max_length=MAX_LISTED)] = []
    everything: Annotated[bool, _described("知られているすべて", "All that is known")] = False


class Search(_Paged):
    """Arguments of `search`."""

    text: Annotated[
        str,
        _described(
            "探す語(空白区切りの語をすべて含むもの)。番号やIDそのものも可",
            "Words, all of which are looked for; or the very number or id",
            min_length=1,
            max_length=MAX_TEXT,
        ),
    ]
    kind: Annotated[
        Ids | None, _described("種類(edition、productなど)", "Kinds: edition, requirement, product, certification-scheme …")
    ] = None


class Resource(_Paged):
    """Arguments of `resource`."""

    id: Annotated[Id, _described("項目のID", "The id")]
    direction: Annotated[
        Literal["OUT", "IN"],
        _described("主語である記述(OUT)か目的語である記述(IN)", "Statements that it is the subject (OUT) or object (IN) of"),
    ] = "OUT"


class Assessed(BaseModel):
    """Whose private assessments to tell of besides."""

    model_config = Asked.model_config

    organisation: Annotated[Id, _described("組織", "The organisation")]
    scope: Annotated[Id | None, _described("評価の範囲", "The scope of the assessments")] = None


class Coverage(_Chained):
    """Arguments of `coverage`."""

    edition: Annotated[Id, _described("版のID", "The id of the edition")]
    given: Annotated[Given, _described("保有するもの", "What is had")] = Given()
    status: Annotated[list[Status] | None, _described("この状態のものだけ", "Only these statuses")] = None
    assessed: Annotated[
        Assessed | None,
        _described("実施済みかも示す(閲覧権がある評価のみ)", "Tell what is in place too, by assessments that the asker may see"),
    ] = None

    def variables(self) -> dict[str, Any]:
        """Whether anybody's assessments are asked for is a variable of its own, for GraphQL's @include."""
        return super().variables() | {"whose": self.assessed is not None}


class Gaps(_Chained):
    """Arguments of `gaps`."""

    edition: Annotated[Id, _described("版のID", "The id of the edition")]
    given: Annotated[Given, _described("保有するもの", "What is had")] = Given()


class Crosswalk(_Chained):
    """Arguments of `crosswalk`."""

    source: Annotated[Id, _described("元の版のID", "The id of the source edition")]
    target: Annotated[Id, _described("先の版のID", "The id of the target edition")]
    include: Annotated[
        list[Literal["CERTAIN", "CANDIDATES"]],
        _described("確かな行と候補のどちらを示すか", "Certain rows, candidates, or both", min_length=1),
    ] = ["CERTAIN"]


class Threats(_Viewed):
    """Arguments of `threats`."""

    given: Annotated[Given, _described("保有するもの", "What is had")] = Given()
    edition: Annotated[Id | None, _described("脅威の一覧の版", "The edition that lists the threats")] = None
    tactic: Annotated[Id | None, _described("戦術のID", "The id of a tactic")] = None
    source: Annotated[Id | None, _described("脅威を挙げている出典", "The source that lists the threats")] = None
    open: Annotated[bool | None, _described("備えのないものだけ(true)", "true: open threats only")] = None


WRONG = Text("引数「{name}」が正しくありません: {why}", "The argument '{name}' is wrong: {why}")

_WHY: Final = {
    "missing": Text("必ず指定してください", "it is required"),
    "extra_forbidden": Text("このツールにその引数はありません", "this tool has no such argument"),
    "greater_than_equal": Text("{ge}以上にしてください", "it must be {ge} or more"),
    "less_than_equal": Text("{le}以下にしてください", "it must be {le} or less"),
    "string_too_short": Text("{min_length}文字以上にしてください", "it must have {min_length} characters or more"),
    "string_too_long": Text("{max_length}文字以内にしてください", "it may have at most {max_length} characters"),
    "too_short": Text("{min_length}件以上にしてください", "it must have {min_length} items or more"),
    "too_long": Text("{max_length}件以内にしてください", "it may have at most {max_length} items"),
    "literal_error": Text("{expected} のいずれかにしてください", "it must be one of {expected}"),
}
_OTHERWISE: Final = Text("型か形式が違います。ツールのスキーマを見てください", "its type or form is not the schema's")


def wrong(name: str, kind: str, context: dict[str, Any]) -> Text:
    """One fault of an argument in both languages, by the kind that pydantic found."""
    bounds = {key: str(value).replace(" or ", ", ") for key, value in context.items()}
    why = _WHY.get(kind, _OTHERWISE)(**bounds)
    return Text(WRONG.ja.format(name=name, why=why.ja), WRONG.en.format(name=name, why=why.en))
