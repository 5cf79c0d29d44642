/** The page of problems, from their catalogue. */

import { CATALOGUE } from "../src/errors/catalogue.ts";
import { ERROR_GROUPS, type ErrorGroup } from "../src/errors/catalogue-entry.ts";
import { ERROR_CODES, type ErrorCode } from "../src/errors.ts";

/** A table by what people see, then a heading for every code: the code is the anchor that hints and annotations name. */
export const errorsPage = (): string => [symptoms(), ...GROUPS.map(section)].join("\n");

const GROUPS: readonly (readonly [ErrorGroup, string])[] = (
  ["usage", "run", "metric", "beside"] as const satisfies readonly ErrorGroup[]
).map((group) => [group, ERROR_GROUPS[group]]);

const section = ([group, title]: readonly [ErrorGroup, string]): string =>
  [`## ${title}\n`, ...ERROR_CODES.filter((code) => CATALOGUE[code].group === group).map(entry)].join("\n");

const entry = (code: ErrorCode): string => {
  const { meaning, mend } = CATALOGUE[code];
  return `### ${code}\n\n${meaning}\n\n**What to do:** ${mend}\n`;
};

/** Several codes may look the same from outside. */
const symptoms = (): string => {
  const bySymptom = Map.groupBy(
    ERROR_CODES.filter((code) => CATALOGUE[code].symptom !== undefined),
    (code) => CATALOGUE[code].symptom ?? "",
  );
  const rows = [...bySymptom].map(
    ([symptom, codes]) => `| ${symptom} | ${codes.map((code) => `[${code}](#${code})`).join(", ")} |\n`,
  );
  return `\n## Troubleshooting\n\n| what you see | look at |\n| --- | --- |\n${rows.join("")}`;
};
