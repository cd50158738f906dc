"""Faults to plant into the sample, each with a piece of the message that a shape must give for it."""

ID = "https://w3id.org/kakehashi/id/"
FACT = f"<{ID}statement/sample-fact>"
MAPPING = f"<{ID}statement/sample-mapping>"
CLAUSE = f"<{ID}sample-framework/1/1.1>"
HEADING = f"<{ID}sample-framework/1/1>"
EDITION = f"<{ID}sample-framework/1>"
GROUP = f"<{ID}group/sample>"
SOURCE = f"<{ID}source/sample>"
ASSESSMENT = f"<{ID}assessment/sample>"
ROW = f"<{ID}sample-matrix/row/1>"


def without(node: str, path: str) -> str:
    return f"DELETE WHERE {{ {node} {path} ?value }}"


def more(node: str, path: str, value: str) -> str:
    return f"INSERT DATA {{ {node} {path} {value} }}"


def instead(node: str, path: str, value: str) -> str:
    return f"DELETE {{ {node} {path} ?value }} INSERT {{ {node} {path} {value} }} WHERE {{ {node} {path} ?value }}"


SHAPE_FAULTS = [
    ("no kind (kk:kind)", without(":sample-product", "kk:kind")),
    ("has one kind", more(":sample-product", "kk:kind", "kind:product-family")),
    ("has one kind", instead(":sample-product", "kk:kind", "<https://example.org/product>")),
    ("What has a kind must be a kk:Resource", without(":sample-product", "a")),
    ("one identifier", without(":sample-product", "dcterms:identifier")),
    ("A resource has a label", without(":sample-product", "skos:prefLabel")),
    ("A resource has a label", more(":sample-product", "skos:prefLabel", '"another"@en')),
    ("at most one parent", more(CLAUSE, "skos:broader", ":sample-framework")),
    ("at most one lifecycle", instead(HEADING, "kk:lifecycle", "certainty:printed")),
    ("at most one notation", more(CLAUSE, "skos:notation", '"1.1.1"')),
    ("kk:ownWords is", more(":sample-vendor", "kk:ownWords", "1")),
    ("A resource has one source", without(":sample-product", "dcterms:source")),
    ("A resource has one source", instead(":sample-product", "dcterms:source", ":sample-vendor")),
    ("belongs to an edition or is taken up", f"DELETE WHERE {{ {CLAUSE} skos:inScheme ?edition ; skos:broader ?above }}"),
    ("belongs to at most one edition", instead(CLAUSE, "skos:inScheme", ":sample-framework")),
    ("at most one position", instead(CLAUSE, "kk:position", '"1"')),
    ("at most one position", instead(CLAUSE, "kk:position", "0")),
    ("has a reason in Japanese", without(":sample-framework", "kk:parentLinkReason")),
    ("What has a way of stating", instead(":sample-mapping-set", "a", "kk:Resource")),
    ("list of ways of stating", instead(":sample-mapping-set", "kk:statedAs", "certainty:printed")),
    ("list of origins", without(":sample-mapping-set", "kk:origin")),
    ("one number of rows", instead(":sample-mapping-set", "kk:rows", '"1"')),
    ("one subject edition", more(":sample-mapping-set", "kk:subjectEdition", ":sample-framework")),
    ("one object edition", more(":sample-mapping-set", "kk:objectEdition", ":sample-framework")),
    ("A reading is one value", instead(":sample-mapping-set", "kk:intersects", "certainty:printed")),
    ("A reading has a reason", without(":sample-mapping-set", "kk:readingReason")),
    ("who registered it", without(":sample-mapping-set", "kk:registeredBy")),
    ("when it was registered", without(":sample-mapping-set", "kk:registeredOn")),
    ("A group has subjects", without(GROUP, "kk:groupSubject")),
    ("A group has one predicate", without(GROUP, "kk:predicate")),
    ("A group has objects", without(GROUP, "kk:groupObject")),
    ("A group keeps the published word", without(GROUP, "kk:verbatim")),
    ("at most one group", instead(MAPPING, "kk:inGroup", ":sample-framework")),
    ("at most one meaning of its parent link", instead(":sample-framework", "kk:parentLink", "kk:Framework")),
    ("typed skos:ConceptScheme", instead(EDITION, "a", "kk:FrameworkEdition")),
    ("the version of one framework", without(EDITION, "dcterms:isVersionOf")),
    ("at most one version", more(EDITION, "dcat:version", '"2"')),
    ("at most one date of issue", instead(EDITION, "dcterms:issued", '"2020-01"^^xsd:gYearMonth')),
    ("at most one date of issue", instead(EDITION, "dcterms:issued", '"2020-01"^^xsd:date')),
    ("replaces at most one other", more(EDITION, "dcterms:replaces", ":one , :another")),
    ("An edition has one source of its structure", without(EDITION, "kk:structureSource")),
    ("one row predicate", without(":sample-matrix", "kk:rowPredicate")),
    ("one column predicate", instead(":sample-matrix", "kk:columnPredicate", '"in-column"')),
    ("one kind of cells", instead(":sample-matrix", "kk:cellKind", "predicate:in-row")),
    ("belongs to one matrix", instead(ROW, "kk:axisOf", ":sample-product")),
    ("row or column", instead(ROW, "kk:axis", '"diagonal"')),
    ("An axis member has one position", without(ROW, "kk:position")),
    ("holds one resource", instead(ROW, "kk:member", ":nobody")),
    ("typed dcat:Dataset", instead(SOURCE, "a", "kk:Source")),
    ("A source has a title", without(SOURCE, "dcterms:title")),
    ("at most one publisher", instead(SOURCE, "dcterms:publisher", '"a name"')),
    ("what its rights are", without(SOURCE, "dcterms:rights")),
    ("list of redistribution", instead(SOURCE, "kk:redistribution", "certainty:printed")),
    ("64 lower-case hexadecimal", instead(SOURCE, "kk:sha256", '"ABC"')),
    ("names one loader", without(SOURCE, "kk:loader")),
    ("one version of its loader", without(SOURCE, "kk:loaderVersion")),
    ("one subject", without(FACT, "kk:subject")),
    ("one subject", instead(FACT, "kk:subject", '"nobody"')),
    ("one subject", more(FACT, "kk:subject", ":sample-vendor")),
    ("A statement has one predicate", instead(FACT, "kk:predicate", "kk:kind")),
    ("either an object or a value", without(FACT, "kk:value")),
    ("either an object or a value", more(FACT, "kk:object", ":sample-vendor")),
    ("at most one value, a literal", instead(FACT, "kk:value", ":sample-vendor")),
    ("at most one object", instead(MAPPING, "kk:object", '"nobody"')),
    ("at most one section", more(FACT, "kk:section", '"2"')),
    ("list of certainty", without(FACT, "kk:certainty")),
    ("list of certainty", instead(FACT, "kk:certainty", "certainty:rumoured")),
    ("list of authorities", without(FACT, "kk:authority")),
    ("list of natures", more(FACT, "kk:nature", "<https://w3id.org/kakehashi/nature/report>")),
    ("at most one day of checking", instead(FACT, "kk:checkedOn", '"2020-01-31"')),
    ("A statement has one source", without(FACT, "dcterms:source")),
    ("names one organisation", without(ASSESSMENT, "kk:assessedOrganisation")),
    ("at most one scope", more(ASSESSMENT, "kk:assessedScope", '"another"')),
    ("An assessment has one edition", without(ASSESSMENT, "kk:assessedEdition")),
    ("An assessment has one provision", instead(ASSESSMENT, "kk:assessedProvision", '"1.1"')),
    ("list of assessment statuses", instead(ASSESSMENT, "kk:assessmentStatus", "certainty:printed")),
    ("at most one justification", more(ASSESSMENT, "kk:applicabilityJustification", '"another"')),
    ("at most one control", instead(ASSESSMENT, "kk:doneBy", '"a tool"')),
    ("at most one evidence", instead(ASSESSMENT, "kk:evidence", '""')),
    ("who made it", without(ASSESSMENT, "kk:reviewer")),
    ("when it was made", instead(ASSESSMENT, "kk:assessedOn", '"2020-01-31"')),
    ("at most one remark", instead(ASSESSMENT, "kk:remark", "1")),
    ("An assessment has one source", without(ASSESSMENT, "dcterms:source")),
    ("A mapping has an object", without(MAPPING, "kk:object")),
    ("typed kk:Statement", instead(MAPPING, "a", "kk:Mapping")),
    ("belongs to one mapping set", instead(MAPPING, "kk:mappingSet", ":sample-product")),
    ("published word", without(MAPPING, "kk:verbatim")),
    ("at most one kind of rationale", instead(MAPPING, "kk:rationaleKind", "certainty:printed")),
    ("A rationale is a literal", more(MAPPING, "kk:rationale", '""@en')),
    ("at most one strength", instead(MAPPING, "kk:strength", "10")),
    ("integer from 0 to 1000", instead(MAPPING, "kk:confidenceThousandths", "1001")),
    ("a SEMAPV term", instead(MAPPING, "kk:justification", "kk:Mapping")),
    ("list of mapping statuses", without(MAPPING, "kk:mappingStatus")),
]
