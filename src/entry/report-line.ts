import { REPORT_INPUTS } from "../config/commands.ts";

export type Reported = {
  /** The record, as it was named. */
  readonly path: string;
  /** Files of `--base`. */
  readonly bases: readonly string[];
  /** The inputs that the run was given on its command line; those of the config file are read again. */
  readonly inputs: Readonly<Record<string, string>>;
};

/** The command line, for a shell, whose report of a record judges as the command that wrote it did. */
export const reportLine = ({ path, bases, inputs }: Reported): string => {
  const given = REPORT_INPUTS.flatMap((name) => {
    const value = inputs[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const words = ["swarmgate", "report", path, ...(bases.length > 0 ? ["--base", ...bases] : []), ...given];
  return [...words, "--format", "markdown"].map(shellWord).join(" ");
};

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02 */
const shellWord = (word: string): string =>
  PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
