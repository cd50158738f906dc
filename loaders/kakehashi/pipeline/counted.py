"""What files hold, in Japanese: the formats' own words are English, and stand in reports as they are in their files."""

from collections.abc import Mapping
from typing import Final

from kakehashi.vocabulary.text import Text

_JAPANESE: Final[Mapping[str, str]] = {
    "ATT&CK techniques": "ATT&CKの攻撃手法",
    "Agencies": "機関",
    "Assessors": "審査機関",
    "AtoMapping": "運用認可(AtoMapping)",
    "CRE references": "CREへの参照",
    "CREs": "CRE",
    "Filters": "絞り込み項目",
    "Metrics": "統計",
    "NIST controls": "NISTの管理策",
    "Products": "クラウドサービス",
    "ReuseMapping": "認可の再利用(ReuseMapping)",
    "added parts": "加えられた部分",
    "alters": "変更",
    "assessable nodes": "評価対象の項目",
    "attack-pattern": "攻撃手法(attack-pattern)",
    "assessments": "評価",
    "back-matter resources": "巻末資料",
    "capabilities": "対応機能",
    "capability groups": "対応機能の組",
    "checks": "自動検査",
    "classes with a d3fend-id": "d3fend-idを持つクラス",
    "components": "構成要素",
    "control implementations": "管理策の実装",
    "controls": "管理策",
    "controls of indicators": "指標の管理策",
    "course-of-action": "緩和策(course-of-action)",
    "defensive techniques": "防御手法",
    "definitions": "定義",
    "digital artefacts": "デジタル成果物",
    "entries": "項目",
    "former identifiers": "旧識別子",
    "groups": "グループ",
    "headings": "見出し",
    "implementation groups": "実装区分",
    "implemented requirements": "実装される要求事項",
    "imports": "取り込み",
    "included ids": "選択された管理策",
    "indicators": "指標",
    "links to artefacts": "成果物へのリンク",
    "links to reference controls": "参照管理策へのリンク",
    "links to tactics": "攻撃の目的へのリンク",
    "mapping objects": "対応付けの行",
    "mapping rows": "対応付けの行",
    "mapping sets": "対応付け集",
    "mappings": "対応付け",
    "maps": "対応付け(map)",
    "memberships of implementation groups": "実装区分への所属",
    "nested controls": "入れ子の管理策",
    "nodes that are not assessable": "評価対象でない項目",
    "pairs": "対",
    "parameters": "パラメーター",
    "processes": "手続き",
    "provision parts": "条項の一部",
    "provisions": "条項",
    "questions": "質問",
    "reference controls": "参照管理策",
    "relations of NIST controls": "NISTの管理策の関係",
    "relationship": "関係(relationship)",
    "repeated ids of added parts": "加えられた部分の重複するID",
    "requirement nodes": "要求事項の項目",
    "requirement-check links": "要求事項と検査の組",
    "requirements": "要求事項",
    "requirements without checks": "検査のない要求事項",
    "rows with match_type instead of mapping_justification": "mapping_justificationの代わりにmatch_typeを持つ行",
    "rules": "規則",
    "service scores": "サービスの評価",
    "set parameters": "値の設定",
    "statements": "記述",
    "sub-techniques": "下位の攻撃手法",
    "themes": "主題",
    "triples": "トリプル",
    "unmapped controls": "対応のない管理策",
    "withdrawn": "廃止",
}
_PREFIXES: Final[Mapping[str, str]] = {
    "links: ": "リンク: ",
    "ends: ": "端: ",
    "relationship ": "関係: ",
    "links to ": "リンク: ",
}


def in_words(counted: str) -> Text:
    """What was counted, in both languages; a word of the format itself stays as it is."""
    if counted in _JAPANESE:
        return Text(_JAPANESE[counted], counted)
    for prefix, japanese in _PREFIXES.items():
        if counted.startswith(prefix):
            return Text(japanese + counted.removeprefix(prefix), counted)
    return Text(counted, counted)
