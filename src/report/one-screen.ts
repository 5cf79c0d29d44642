import { textWidth } from "../text-layout.ts";
import { countOf } from "./format.ts";

/** Lines that belong together; the higher `worth`, the longer they stay. `Infinity` stays whatever the height. */
export type Block = { readonly worth: number; readonly lines: readonly string[] };

export type Screen = { readonly width: number; readonly rows: number | null };

/**
 * At most `rows` lines: whole blocks go, the least worthy first and of those the last, and a last line says how many
 * there are and where to read them. The terminal breaks that line, so that a command in it can be copied.
 */
export const fitRows = (blocks: readonly Block[], { width, rows }: Screen, where: string): readonly string[] => {
  const all = linesOf(blocks);
  if (rows === null || all.length <= rows) return all;
  const lastRows = Math.ceil(textWidth(moreLines(all.length, where)) / width);
  let kept = blocks;
  while (linesOf(kept).length > rows - lastRows) {
    const least = Math.min(...kept.map(({ worth }) => worth));
    if (least === Number.POSITIVE_INFINITY) break;
    const last = kept.findLastIndex(({ worth }) => worth === least);
    kept = kept.filter((_, index) => index !== last);
  }
  const lines = linesOf(kept);
  return [...lines, moreLines(all.length - lines.length, where)];
};

const moreLines = (count: number, where: string): string => `${countOf(count, "more line")}: ${where}`;

/** No two empty lines in a row: a block between them may be empty or gone. */
const linesOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap(({ lines }) => lines).filter((line, index, lines) => line !== "" || lines[index - 1] !== "");
