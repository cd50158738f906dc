// The audit of npm's graphql-http against the server at BASE; prints how many cases ended how, and the names of those that did not pass.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: `${process.env.BASE}/graphql` });
const counts = {};
for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
const others = results.filter(({ status }) => status !== "ok").map(({ name }) => name);
console.log(JSON.stringify({ counts, others }));
