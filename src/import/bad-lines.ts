import type { Problem } from "../errors.ts";
import { importProblem } from "./problems.ts";

/** More than this and the file is not what it seems. */
const TOLERATED = 0.01;

export type BadLines = {
  /** A row that begins on `line` and takes `lines`; `says` is what is wrong with it. */
  readonly take: (line: number, lines: number, says: string | null) => void;
  /** Whether the file is refused whatever follows. */
  readonly isHopeless: () => boolean;
  /** Asked at the end. */
  readonly problem: () => Problem | null;
  readonly counts: () => { readonly bad: number; readonly lines: number };
};

/** Counts lines that cannot be read: one is enough to refuse a file, unless up to 1 % of them are tolerated. */
export const createBadLines = (tolerate: boolean): BadLines => {
  let lines = 0;
  let bad = 0;
  let first: string | null = null;
  return {
    take: (line, taken, says) => {
      lines += taken;
      if (says === null) return;
      bad += taken;
      first ??= `line ${line} ${says}`;
    },
    isHopeless: () => bad > 0 && !tolerate,
    problem: () => {
      if (first === null) return null;
      if (!tolerate)
        return importProblem(
          first,
          "Give the file whole, or add --drop-bad-lines to leave out up to 1 % of its lines.",
        );
      if (bad <= TOLERATED * lines) return null;
      return importProblem(`${bad} of ${lines} lines cannot be read, more than 1 %: ${first}`);
    },
    counts: () => ({ bad, lines }),
  };
};
