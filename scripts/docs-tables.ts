/** The parts of `action.yml` and the documentation that come from the table of inputs. */
import { COMMANDS } from "../src/config/commands.ts";
import { helpText, overview, placeholder } from "../src/config/help.ts";
import type { InputRow, Section } from "../src/config/input-row.ts";
import { INPUTS } from "../src/config/inputs.ts";
import { OUTPUTS } from "../src/config/outputs.ts";

const built = INPUTS.filter((row) => row.built);
const TITLES: readonly (readonly [Section, string])[] = [
  ["target", "Target"],
  ["load", "Load"],
  ["aws", "AWS"],
  ["baseline", "Baseline"],
  ["gate", "Gate"],
  ["report", "Report"],
  ["top", "Outside the sections"],
  ["none", "Input and flag only"],
];

/** Inputs of the action: empty defaults, so that the config file is heard; only the token has one. */
export const actionInputs = (): string =>
  built
    .flatMap((row) => [row, ...(row.aliases ?? []).map((alias) => aliasOf(row, alias))])
    .map(actionInput)
    .join("");

const aliasOf = (row: InputRow, alias: string): InputRow => ({
  ...row,
  name: alias,
  about: `Another name for ${row.name}.`,
});

const actionInput = (row: InputRow): string => {
  const about = plain(`${row.about}${row.about.startsWith("Another name") ? "" : defaultSentence(row)}`);
  return `  ${row.name}:\n    description: ${JSON.stringify(about)}\n    default: ${row.actionDefault ?? '""'}\n`;
};

const defaultSentence = (row: InputRow): string => {
  const standard = row.default ?? row.defaultNote;
  return standard === undefined ? "" : ` Default: ${standard}.`;
};

export const actionOutputs = (): string =>
  OUTPUTS.map(({ name, about }) => `  ${name}:\n    description: ${JSON.stringify(plain(about))}\n`).join("");

/** One table a section of the config file, and the inputs that are known and not built. */
export const inputTables = (): string => {
  const tables = TITLES.map(([section, title]) => {
    const rows = built.filter((row) => row.section === section).map(inputLine);
    const where = section === "top" || section === "none" ? "" : `, section \`${section}\``;
    return `\n### ${title}${where}\n\n| name | value | default | what it does |\n| --- | --- | --- | --- |\n${rows.join("")}`;
  });
  const later = INPUTS.filter((row) => !row.built).map((row) => `| \`${row.name}\` | ${cell(row.about)} |\n`);
  return `${tables.join("")}\n### Known, not built yet\n\nUsing one of these is an error (\`not-built-yet\`).\n\n| name | what it will do |\n| --- | --- |\n${later.join("")}\n`;
};

const inputLine = (row: InputRow): string => {
  const names = [row.name, ...(row.aliases ?? [])].map((name) => `\`${name}\``).join(", ");
  return `| ${names} | ${cell(`\`${placeholder(row)}\``)}${bounds(row)} | ${defaultCell(row)} | ${cell(row.about)} |\n`;
};

const bounds = ({ value }: InputRow): string => {
  switch (value.type) {
    case "integer":
    case "duration":
      return `, ${value.min} to ${value.max}`;
    case "rate":
    case "dollars":
      return `, at most ${value.max}`;
    default:
      return "";
  }
};

const defaultCell = (row: InputRow): string =>
  row.default === undefined ? cell(row.defaultNote ?? "") : cell(`\`${row.default}\``);

/** Every fixed default at a glance, as a config file would say it. */
export const defaultsTable = (): string => {
  const sections = TITLES.filter(([section]) => section !== "none").map(([section]) => {
    const rows = built.filter((row) => row.section === section && row.default !== undefined);
    const indent = section === "top" ? "" : "  ";
    const lines = rows.map((row) => `${indent}${row.name}: ${row.default}\n`);
    return lines.length === 0 ? "" : `${section === "top" ? "" : `${section}:\n`}${lines.join("")}`;
  });
  return `\n\`\`\`yaml\n${sections.join("")}\`\`\`\n\n`;
};

export const outputTable = (): string =>
  `\n| output | what it holds |\n| --- | --- |\n${OUTPUTS.map((row) => `| \`${row.name}\` | ${cell(row.about)} |\n`).join("")}\n`;

export const commandHelp = (): string =>
  [
    `\n\`\`\`text\n${overview()}\`\`\`\n`,
    ...COMMANDS.map((command) => `\n## ${command.name}\n\n\`\`\`text\n${helpText(command)}\`\`\`\n`),
    "\n",
  ].join("");

const plain = (text: string): string => text.replaceAll("`", "");
const cell = (text: string): string => text.replaceAll("|", "\\|");
