/**
 * Checks the import directions. dependency-cruiser without the swc parser reads no TypeScript 7 source and is silently
 * green, so the check also fails when it saw fewer modules than there are files.
 */
import { globSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { importRules } from "./import-rules.ts";

const roots = ["src", "simulator"];
const { output } = await cruise(roots, {
  ruleSet: { forbidden: importRules },
  validate: true,
  parser: "swc",
  tsPreCompilationDeps: true,
  doNotFollow: { path: "node_modules" },
  // Copied to dist/cli.js as it is; what it imports is there only.
  exclude: { path: "launcher\\.js$" },
  enhancedResolveOptions: {
    extensions: [".ts", ".js", ".json"],
    exportsFields: ["exports"],
    conditionNames: ["import", "node"],
  },
});
const result = output as ICruiseResult;

const files = roots.flatMap((root) => globSync(`${root}/**/*.ts`)).length;
const seen = result.modules.filter((module) => /^(src|simulator)\/.*\.ts$/.test(module.source)).length;
for (const { from, to, rule, cycle } of result.summary.violations) {
  console.error(`${rule.name}: ${from} -> ${to}${cycle ? ` (${cycle.map((step) => step.name).join(" -> ")})` : ""}`);
}
const unresolved = result.modules.flatMap((module) =>
  module.dependencies.filter((d) => d.couldNotResolve).map((d) => `unresolved: ${module.source} -> ${d.module}`),
);
for (const line of unresolved) console.error(line);
if (seen < files) console.error(`saw ${seen} modules, there are ${files}: the check is blind`);

const wrong = result.summary.violations.length + unresolved.length + (seen < files ? 1 : 0);
console.log(`imports: ${seen} of ${files} modules, ${wrong} violations`);
process.exitCode = wrong === 0 ? 0 : 1;
