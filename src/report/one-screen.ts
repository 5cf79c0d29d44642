import { countOf } from "./format.ts";

/** Lines that belong together; the higher `worth`, the longer they stay. `Infinity` stays whatever the height. */
export type Block = { readonly worth: number; readonly lines: readonly string[] };

/**
 * At most `rows` lines: whole blocks go, the least worthy first and of those the last, and a last line says how many
 * there are and where to read them.
 */
export const fitRows = (blocks: readonly Block[], rows: number | null, where: string): readonly string[] => {
  const all = linesOf(blocks);
  if (rows === null || all.length <= rows) return all;
  let kept = blocks;
  while (linesOf(kept).length > rows - 1) {
    const least = Math.min(...kept.map(({ worth }) => worth));
    if (least === Number.POSITIVE_INFINITY) break;
    const last = kept.findLastIndex(({ worth }) => worth === least);
    kept = kept.filter((_, index) => index !== last);
  }
  const lines = linesOf(kept);
  return [...lines, `${countOf(all.length - lines.length, "more line")}: ${where}`];
};

/** No two empty lines in a row: a block between them may be empty or gone. */
const linesOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap(({ lines }) => lines).filter((line, index, lines) => line !== "" || lines[index - 1] !== "");
