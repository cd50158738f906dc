// Parses Power Query M with Microsoft's parser and prints the requests that it would make, with the fields that it takes of answers.
// It is no interpreter: only literals and the names that `let` gives them are evaluated, and what is not known is null.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PQP = createRequire(process.argv[2] + "/")("@microsoft/powerquery-parser");
const text = readFileSync(0, "utf-8");
const parsed = await PQP.TaskUtils.tryLexParse(PQP.DefaultSettings, text);
if (!PQP.TaskUtils.isParseStageOk(parsed)) {
  console.error(parsed.error?.message ?? "not M");
  process.exit(1);
}

const names = new Map();
const requests = [];
const fields = new Set();

const items = (node) => (node.content?.elements ?? []).map((element) => element.node ?? element);

function walk(node) {
  if (!node || typeof node !== "object") return;
  if (node.kind === "IdentifierPairedExpression") names.set(node.key.literal, node.value);
  if (node.kind === "FieldSelector") fields.add(node.content.literal.replace(/^#"(.*)"$/, "$1"));
  for (const child of Object.values(node)) Array.isArray(child) ? child.forEach(walk) : walk(child);
}

function value(node) {
  switch (node?.kind) {
    case "LiteralExpression":
      if (node.literalKind === "Text") return node.literal.slice(1, -1).replaceAll('""', '"').replaceAll("#(lf)", "\n");
      return JSON.parse(node.literal);
    case "RecordExpression":
    case "RecordLiteral":
      return Object.fromEntries(items(node).map((pair) => [pair.key.literal, value(pair.value)]));
    case "ListExpression":
      return items(node).map(value);
    case "IdentifierExpression":
      return names.has(node.identifier.literal) ? value(names.get(node.identifier.literal)) : null;
    case "ArithmeticExpression":
      return value(node.left) + value(node.right);
    case "RecursivePrimaryExpression":
      return called(node);
    default:
      return null;
  }
}

function called(node) {
  const name = node.head.identifier?.literal;
  const invoked = node.recursiveExpressions.elements.find((one) => one.kind === "InvokeExpression");
  if (!invoked) return null;
  const given = items(invoked).map(value);
  return name === "Json.FromValue" ? JSON.stringify(given[0]) : null;
}

function find(node) {
  if (!node || typeof node !== "object") return;
  if (node.kind === "RecursivePrimaryExpression" && node.head.identifier?.literal === "Web.Contents") {
    const [url, options] = items(node.recursiveExpressions.elements[0]).map(value);
    requests.push({ url, content: options?.Content ?? null, headers: options?.Headers ?? {} });
  }
  if (node.kind === "RecursivePrimaryExpression" && node.head.identifier?.literal === "Table.ExpandRecordColumn") {
    for (const column of items(node.recursiveExpressions.elements[0]).map(value)[2] ?? []) fields.add(column);
  }
  for (const child of Object.values(node)) Array.isArray(child) ? child.forEach(find) : find(child);
}

walk(parsed.ast);
find(parsed.ast);
console.log(JSON.stringify({ requests, fields: [...fields] }));
