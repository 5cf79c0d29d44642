import cliui, { type Cell } from "cliui";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** A column of a terminal table; the higher `worth`, the longer it stays when the terminal is narrow. */
export type TextColumn = {
  readonly title: string;
  readonly align: "left" | "right";
  readonly worth: number;
  readonly cells: readonly string[];
  /** Cells may lose their middles, down to this width, before a column goes. One column of a table at most has it. */
  readonly shortest?: number;
};

/** Blanks between two columns. */
const GAP = 2;

/** Aligned lines without boxes, at most `width` cells wide: the least worthy columns go first, then lines are cut. */
export const renderTextTable = (columns: readonly TextColumn[], width: number, gap = GAP): readonly string[] => {
  const kept = columnsThatFit(columns.map(measured), width, gap);
  const spare = Math.max(0, width - totalWidth(kept, gap));
  const shown = kept.map((column) => widened(column, spare));
  const rows = Math.max(0, ...shown.map(({ cells }) => cells.length));
  const ui = cliui({ width: totalWidth(shown, gap) });
  for (let row = -1; row < rows; row++) ui.div(...shown.map((column, index) => cell(column, row, index > 0 ? gap : 0)));
  return ui
    .toString()
    .split("\n")
    .map((line) => cutToWidth(line, width));
};

/** Cells that a table takes at least with all its columns. */
export const leastWidth = (columns: readonly TextColumn[], gap = GAP): number => totalWidth(columns.map(measured), gap);

type Measured = TextColumn & { readonly width: number };

const measured = (column: TextColumn): Measured => {
  const { title, cells, shortest = Number.POSITIVE_INFINITY } = column;
  const whole = Math.max(0, ...cells.map(widthInWords));
  return { ...column, width: Math.max(textWidth(title), Math.min(whole, shortest)) };
};

/** A column whose cells may be cut takes what the others leave. */
const widened = (column: Measured, spare: number): Measured => {
  if (column.shortest === undefined) return column;
  const cells = cutMiddles(column.cells, column.width + spare);
  return { ...column, cells, width: Math.max(textWidth(column.title), ...cells.map(widthInWords)) };
};

/** As `cliui` lays a cell out, word by word: a mark that combines with a blank takes a cell when it begins a word. */
const widthInWords = (text: string): number =>
  Math.max(
    textWidth(text),
    text.split(" ").reduce((sum, word) => sum + 1 + textWidth(word), -1),
  );

/** Row -1 is the heading; `gap` blanks stand before the cell. */
const cell = ({ title, cells, width, align }: Measured, row: number, gap: number): Cell => ({
  text: row < 0 ? title : (cells[row] ?? ""),
  width: width + gap,
  align,
  padding: [0, 0, 0, gap],
});

/** Cells a text takes in a terminal: none for combining marks, two for wide scripts and emoji. */
export const textWidth = (text: string): number => stringWidth(text);

/** Words in lines of at most `width` cells; `lead` opens the first line, the others stand below it. A long word is broken. */
export const wrap = (text: string, width: number, lead = ""): readonly string[] => wrapped(text, { width, lead }, true);

/** The same with long words left whole: an address that the terminal breaks itself can still be clicked and copied. */
export const wrapWords = (text: string, width: number, lead = ""): readonly string[] =>
  wrapped(text, { width, lead }, false);

const wrapped = (
  text: string,
  { width, lead }: { readonly width: number; readonly lead: string },
  hard: boolean,
): readonly string[] => {
  const margin = " ".repeat(textWidth(lead));
  const lines = wrapAnsi(text, Math.max(MIN_ROOM, width - margin.length), { hard }).split("\n");
  return lines.map((line, index) => `${index === 0 ? lead : margin}${line}`);
};

/** A terminal narrower than a label still gets words, not single letters. */
const MIN_ROOM = 20;

/** The text, or its beginning and an ellipsis in at most `width` cells. */
export const cutToWidth = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text;
  const [kept = ""] = wrapAnsi(text, Math.max(1, width - 1), { hard: true, wordWrap: false, trim: false }).split("\n");
  return `${kept}…`;
};

/**
 * The texts in at most `width` cells each, without their middles where they are longer: the end often tells what the
 * beginning does not. Different texts stay different; a number tells apart what looks alike.
 */
export const cutMiddles = (texts: readonly string[], width: number): readonly string[] => {
  const shown = new Map<string, string>();
  const taken = new Set<string>();
  for (const text of new Set(texts)) {
    let cut = cutMiddle(text, width);
    for (let number = 2; taken.has(cut); number++) {
      const mark = `~${number}`;
      cut = `${cutMiddle(text, width - mark.length)}${mark}`;
    }
    taken.add(cut);
    shown.set(text, cut);
  }
  return texts.map((text) => shown.get(text) ?? text);
};

const GRAPHEMES = new Intl.Segmenter("en");

const cutMiddle = (text: string, width: number): string => {
  if (widthInWords(text) <= width) return text;
  const parts = Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
  const before = fitting(parts, Math.ceil((width - 1) / 2));
  const after = fitting([...parts].reverse(), Math.floor((width - 1) / 2)).reverse();
  let cut = `${before.join("")}…${after.join("")}`;
  while (widthInWords(cut) > width && before.length + after.length > 0) {
    if (before.length > after.length) before.pop();
    else after.shift();
    cut = `${before.join("")}…${after.join("")}`;
  }
  return cut;
};

/** The first of the signs, in `room` cells. */
const fitting = (signs: readonly string[], room: number): string[] => {
  const kept: string[] = [];
  let left = room;
  for (const sign of signs) {
    left -= textWidth(sign);
    if (left < 0) break;
    kept.push(sign);
  }
  return kept;
};

const columnsThatFit = (columns: readonly Measured[], width: number, gap: number): readonly Measured[] => {
  if (totalWidth(columns, gap) <= width || columns.length <= 2) return columns;
  const least = Math.min(...columns.map(({ worth }) => worth));
  return columnsThatFit(
    columns.filter(({ worth }) => worth !== least),
    width,
    gap,
  );
};

const totalWidth = (columns: readonly Measured[], gap: number): number =>
  columns.reduce((sum, column) => sum + column.width + gap, -gap);
