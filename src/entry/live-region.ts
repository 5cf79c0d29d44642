import { stripVTControlCharacters } from "node:util";
import { textWidth } from "../text-layout.ts";

export type LiveRegion = {
  /** Replaces what was shown before. */
  readonly show: (lines: readonly string[]) => void;
  readonly clear: () => void;
};

const UP = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : "");
const CLEAR_TO_END_OF_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
/** Terminals disagree about the cells of some scripts (Hindi, joined emoji): what is too wide is cut, and never takes a row more. */
const NO_WRAP = "\u001b[?7l";
const WRAP = "\u001b[?7h";

/** Lines at the bottom of a terminal that are drawn over in place, in one write, so that nothing flickers. */
export const liveRegion = (write: (text: string) => void, columns: () => number): LiveRegion => {
  let shown: readonly string[] = [];
  /** To the first cell of what is shown: lines that a narrower window has wrapped take more rows than they had. */
  const home = (): string => {
    const width = columns();
    const rowsOf = (line: string): number =>
      Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / Math.max(1, width)));
    return shown.length === 0 ? "" : `\r${UP(shown.reduce((rows, line) => rows + rowsOf(line), 0) - 1)}`;
  };
  return {
    show: (lines) => {
      const drawn = lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}`).join("\n");
      write(`${home()}${NO_WRAP}${drawn}${CLEAR_BELOW}${WRAP}`);
      shown = lines;
    },
    clear: () => {
      if (shown.length > 0) write(`${home()}${CLEAR_BELOW}`);
      shown = [];
    },
  };
};
