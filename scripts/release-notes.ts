/** Prints the section of CHANGELOG.md that belongs to a tag: `node scripts/release-notes.ts v1.2.3`. */
import { readFileSync } from "node:fs";

const version = (process.argv[2] ?? "").replace(/^v/, "");
const sections = readFileSync("CHANGELOG.md", "utf8").split(/^## /m).slice(1);
const section = sections.find((text) => text.split(/[\s(]/)[0] === version);
if (section === undefined) {
  console.error(`CHANGELOG.md has no section "## ${version}": add it before tagging`);
  process.exitCode = 1;
} else {
  console.log(section.split("\n").slice(1).join("\n").trim());
}
