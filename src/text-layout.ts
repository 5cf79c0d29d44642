import cliui, { type Cell } from "cliui";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** A column of a terminal table; the higher `worth`, the longer it stays when the terminal is narrow. */
export type TextColumn = {
  readonly title: string;
  readonly align: "left" | "right";
  readonly worth: number;
  readonly cells: readonly string[];
};

/** Blanks between two columns. */
const GAP = 2;

/** Aligned lines without boxes, at most `width` cells wide: the least worthy columns go first, then lines are cut. */
export const renderTextTable = (columns: readonly TextColumn[], width: number): readonly string[] => {
  const fitting = columnsThatFit(columns.map(measured), width);
  const rows = Math.max(0, ...fitting.map(({ cells }) => cells.length));
  const ui = cliui({ width: totalWidth(fitting) });
  for (let row = -1; row < rows; row++)
    ui.div(...fitting.map((column, index) => cell(column, row, index > 0 ? GAP : 0)));
  return ui
    .toString()
    .split("\n")
    .map((line) => cutToWidth(line, width));
};

type Measured = TextColumn & { readonly width: number };

const measured = (column: TextColumn): Measured => ({
  ...column,
  width: Math.max(textWidth(column.title), ...column.cells.map(widthInWords)),
});

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

const columnsThatFit = (columns: readonly Measured[], width: number): readonly Measured[] => {
  if (totalWidth(columns) <= width || columns.length <= 2) return columns;
  const least = Math.min(...columns.map(({ worth }) => worth));
  return columnsThatFit(
    columns.filter(({ worth }) => worth !== least),
    width,
  );
};

const totalWidth = (columns: readonly Measured[]): number =>
  columns.reduce((sum, column) => sum + column.width + GAP, -GAP);
