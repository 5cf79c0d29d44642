/**
 * Writes every table that comes from the table of inputs: `npm run docs`; `npm run docs -- --check` only says which are
 * stale. Generated parts stand between `begin NAME` and `end NAME` marks; the rest of those pages is written by hand.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { errorsPage } from "./docs-errors.ts";
import { scenarioFileSchema } from "./docs-scenario-schema.ts";
import { configSchema } from "./docs-schema.ts";
import { actionInputs, actionOutputs, commandHelp, defaultsTable, inputTables, outputTable } from "./docs-tables.ts";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** As the formatter wants it, so that lint and this script agree. */
const formatted = (path: string, input: string): string =>
  execFileSync(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "format", `--stdin-file-path=${path}`], {
    cwd: root,
    input,
    encoding: "utf8",
  });

/** A page with its generated parts put in; a mark that is missing is an error, or the part would never be fresh again. */
const withParts = (path: string, parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts).reduce((text, [name, body]) => {
    const begin = new RegExp(`^.*\\bbegin ${name}\\b.*\\n`, "m").exec(text);
    const end = new RegExp(`^.*\\bend ${name}\\b.*$`, "m").exec(text);
    if (begin === null || end === null) throw new Error(`${path} has no marks "begin ${name}" and "end ${name}"`);
    return text.slice(0, begin.index) + begin[0] + body + text.slice(end.index);
  }, read(path));

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;

const pages: Readonly<Record<string, () => string>> = {
  "action.yml": () => withParts("action.yml", { inputs: actionInputs(), outputs: actionOutputs() }),
  "schemas/config.schema.json": () => formatted("schemas/config.schema.json", JSON.stringify(configSchema())),
  "schemas/scenario.schema.json": () => formatted("schemas/scenario.schema.json", JSON.stringify(scenarioFileSchema())),
  "docs/configuration.md": () =>
    withParts("docs/configuration.md", { inputs: inputTables(), defaults: defaultsTable(), outputs: outputTable() }),
  "docs/errors.md": () => withParts("docs/errors.md", { problems: errorsPage() }),
  "README.md": () => withParts("README.md", { "first workflow": fenced("yaml", read("examples/pull-request.yml")) }),
  "docs/cli.md": () => withParts("docs/cli.md", { help: commandHelp() }),
};

const readOrEmpty = (path: string): string => {
  try {
    return read(path);
  } catch {
    return "";
  }
};

const stale = Object.entries(pages).filter(([path, write]) => readOrEmpty(path) !== write());
const check = process.argv.includes("--check");
if (!check) for (const [path, write] of stale) writeFileSync(new URL(path, root), write());
for (const [path] of stale) console.log(`${check ? "stale" : "written"}: ${path}`);
console.log(`docs: ${Object.keys(pages).length} pages, ${stale.length} ${check ? "stale" : "written"}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
