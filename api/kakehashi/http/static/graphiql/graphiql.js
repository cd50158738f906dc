"use strict";

const TEXTS = {
  ja: {
    title: "Kakehashi GraphQL コンソール",
    comment: [
      "例：Office 365 を利用するとき、リーフレット4.7の",
      "法令上の留意点（2020年1月）はどこまで満たされ、",
      "何が不足として残るか。",
      "実行は Ctrl+Enter、入力候補は Ctrl+Space。",
    ],
  },
  en: {
    title: "Kakehashi GraphQL console",
    comment: [
      "Example: with Office 365 in use, how far is each",
      "legal consideration of the leaflet's section 4.7",
      "(January 2020) met, and which gaps remain?",
      "Ctrl+Enter runs the query, Ctrl+Space completes.",
    ],
  },
};

/** "ja" for a reader whose browser prefers Japanese, otherwise "en". */
function readerLanguage() {
  return /^ja\b/i.test(navigator.language) ? "ja" : "en";
}

/** The query a first visit shows: its comment and its labels are in the reader's language. */
function exampleQuery(lang) {
  const comment = TEXTS[lang].comment.map((line) => `# ${line}`).join("\n");
  return `${comment}
query Coverage {
  coverage(
    edition: "leaflet-legal-considerations/2020-01"
    given: {products: ["office-365"]}
  ) {
    summary {
      assessable
      full
      partial
    }
    requirements {
      nodes {
        requirement {
          id
          prefLabel(lang: ["${lang}"]) {
            value
          }
        }
        status
        gaps {
          type
          explanation(lang: ["${lang}"]) {
            value
          }
        }
      }
    }
  }
}
`;
}

/** Posts plain JSON to the address the page itself is served from. */
function jsonFetcher() {
  return GraphiQL.createFetcher({
    url: "./graphql",
    headers: { accept: "application/json" },
    enableIncrementalDelivery: false,
  });
}

/** The stored history as JSON text, without what stood in the headers pane. */
function withoutHeaders(history) {
  return JSON.stringify(JSON.parse(history), (name, value) => (name === "headers" ? undefined : value));
}

/**
 * The browser's local storage under a prefix of ours, as other consoles of the origin must not overwrite our tabs.
 * GraphiQL keeps the headers of every query run in its history, whatever `shouldPersistHeaders` says; we drop them.
 */
function keylessStorage() {
  const storage = GraphiQL.createLocalStorage({ namespace: "kakehashi" });
  const setItem = (key, value) =>
    storage.setItem(key, /:(queries|favorites)$/.test(key) ? withoutHeaders(value) : value);
  return Object.create(storage, { setItem: { value: setItem } });
}

/** The whole page as one React element. */
function page(lang) {
  const logo = React.createElement(GraphiQL.Logo, null, TEXTS[lang].title);
  const properties = {
    fetcher: jsonFetcher(),
    defaultQuery: exampleQuery(lang),
    storage: keylessStorage(),
    // A key typed into the headers pane must not stay behind in the browser.
    shouldPersistHeaders: false,
  };
  return React.createElement(GraphiQL, properties, logo);
}

const lang = readerLanguage();
document.documentElement.lang = lang;
document.title = TEXTS[lang].title;
ReactDOM.createRoot(document.getElementById("graphiql")).render(page(lang));
