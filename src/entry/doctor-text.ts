import type { Finding } from "../config/finding.ts";
import { escapeJson, escapeLog } from "../report/escape.ts";
import { wrap } from "../text-layout.ts";

/** One line for each finding, or more where `width` cells are too few: level, what was looked at, the sentence and its mend. */
export const doctorText = (findings: readonly Finding[], width: number): string => {
  const longest = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ level, check, text, mend }) => {
      const sentence = escapeLog(mend === null ? text : `${text} ${mend}`);
      return wrap(sentence, width, `${level.padEnd(4)}  ${check.padEnd(longest)}  `);
    })
    .map((line) => `${line}\n`)
    .join("");
};

/** The same for programs; with a configuration that cannot be read, the usual fields of such a result stand beside it. */
export const doctorJson = (findings: readonly Finding[], usage: object): string =>
  `${escapeJson(JSON.stringify({ schema: "swarmgate.doctor/v1", ...usage, doctor: findings }, null, 2))}\n`;
