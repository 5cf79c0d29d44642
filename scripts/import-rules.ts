/**
 * Which stage may import which (ARCHITECTURE.md). A stage may import itself and what stands in its row. Change the table
 * in the commit that needs it, and say why in an ADR.
 */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  units: [],
  errors: [],
  "text-layout": [],
  stats: ["units"],
  config: ["units", "errors", "text-layout", "load", "scenario", "cloud"],
  target: ["units", "errors", "config", "load"],
  load: ["units", "errors", "config", "scenario"],
  scenario: ["units", "errors", "config", "load"],
  cloud: ["units", "errors", "config", "target", "load"],
  record: ["units", "errors", "config", "target", "load", "scenario", "cloud"],
  import: ["units", "errors", "target", "load", "record"],
  baseline: ["units", "errors", "config", "record"],
  judge: ["units", "errors", "config", "record", "baseline", "stats"],
  report: ["units", "errors", "text-layout", "config", "load", "record", "baseline", "judge"],
  ports: ["units", "errors", "config", "target", "load", "cloud", "record", "baseline", "judge", "report"],
  gate: [
    "units",
    "errors",
    "ports",
    "config",
    "target",
    "load",
    "scenario",
    "cloud",
    "record",
    "import",
    "baseline",
    "judge",
    "report",
  ],
};

/** Pure stages: no node: import, no SDK. `gate` may wait and ask, but only through ports. */
export const PURE = [
  "units",
  "errors",
  "text-layout",
  "stats",
  "config",
  "target",
  "load",
  "scenario",
  "cloud",
  "record",
  "import",
  "baseline",
  "judge",
  "report",
  "ports",
  "gate",
];

/** Each third-party package of the product has one home. */
export const HOMES: Readonly<Record<string, string>> = {
  undici: "^src/load/engine/",
  "hdr-histogram-js": "^src/load/histogram\\.ts$",
  yaml: "^src/config/read-yaml\\.ts$",
  cliui: "^src/text-layout\\.ts$",
  "string-width": "^src/text-layout\\.ts$",
  "wrap-ansi": "^src/text-layout\\.ts$",
  "markdown-table": "^src/report/markdown-table\\.ts$",
  uplot: "^src/report/html/page/",
  "@smithy/": "^src/load/engine/signing/",
  "@aws-sdk/": "^src/adapters/aws/",
  "@actions/": "^src/adapters/github/",
  "@octokit/": "^src/adapters/github/",
};

const stage = (name: string): string => `^src/${name}(\\.ts$|/)`;
const ENGINE = "^src/load/engine/";

const stageRules = Object.entries(ALLOWED).map(([name, allowed]) => ({
  name: `${name}-imports-only-its-row`,
  severity: "error" as const,
  from: { path: stage(name), pathNot: ENGINE },
  to: { path: "^src/", pathNot: [name, ...allowed].map(stage) },
}));

const homeRules = Object.entries(HOMES).map(([name, home]) => ({
  name: `${name.replace(/\W+$/, "")}-has-one-home`,
  severity: "error" as const,
  from: { path: "^src/", pathNot: home },
  to: { path: `^node_modules/${name}` },
}));

const rule = (name: string, from: object, to: object) => ({ name, severity: "error" as const, from, to });

/** The rules in dependency-cruiser's form. */
export const importRules = [
  ...stageRules,
  ...homeRules,
  // `parseArgs` of `node:util` reads nothing but the words it is given.
  rule(
    "pure-stages-know-no-node",
    { path: PURE.map(stage), pathNot: [ENGINE, "^src/config/flags\\.ts$"] },
    { dependencyTypes: ["core"] },
  ),
  rule("engine-is-reached-through-its-port", { path: "^src/", pathNot: [ENGINE, "^src/entry/"] }, { path: ENGINE }),
  rule(
    "engine-knows-load-only",
    { path: ENGINE },
    { path: "^src/", pathNot: [stage("load"), stage("scenario"), stage("units"), stage("errors"), stage("ports")] },
  ),
  rule(
    "config-and-load-know-scenario-by-type-only",
    { path: [stage("config"), stage("load")], pathNot: ENGINE },
    { path: stage("scenario"), dependencyTypesNot: ["type-only"] },
  ),
  rule("adapters-do-not-orchestrate", { path: "^src/adapters/" }, { path: "^src/(gate|judge|report|entry)/" }),
  rule(
    "adapters-are-strangers",
    { path: "^src/adapters/([^/]+)/" },
    { path: "^src/adapters/", pathNot: "^src/adapters/$1/" },
  ),
  rule("entries-are-not-imported", { path: "^src/", pathNot: "^src/entry/" }, { path: "^src/entry/" }),
  rule(
    "simulator-stands-alone",
    { path: "^simulator/" },
    { pathNot: ["^simulator/", "^src/units\\.ts$"], dependencyTypesNot: ["core"] },
  ),
  rule(
    "product-knows-no-simulator",
    { path: "^src/", pathNot: "^src/entry/(demo/|commands/demo\\.ts)" },
    { path: "^(simulator|test|bench|scripts)/" },
  ),
  rule("no-cycles", {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
];
