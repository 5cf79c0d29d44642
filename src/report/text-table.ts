/** A column of a terminal table; the higher `worth`, the longer it stays when the terminal is narrow. */
export type TextColumn = {
  readonly title: string;
  readonly align: "left" | "right";
  readonly worth: number;
  readonly cells: readonly string[];
};

const GAP = "  ";

/** Aligned lines without boxes, at most `width` cells wide: the least worthy columns go first, then lines are cut. */
export const renderTextTable = (columns: readonly TextColumn[], width: number): readonly string[] => {
  const fitting = columnsThatFit(columns, width);
  const widths = fitting.map(columnWidth);
  const rows = Math.max(0, ...fitting.map(({ cells }) => cells.length));
  const line = (cellOf: (column: TextColumn) => string): string =>
    cutToWidth(
      fitting.map((column, index) => pad(cellOf(column), widths[index] ?? 0, column.align)).join(GAP),
      width,
    ).trimEnd();
  return [
    line(({ title }) => title),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row] ?? "")),
  ];
};

/** Cells a text takes in a terminal: none for combining marks, two for wide scripts and emoji. */
export const textWidth = (text: string): number =>
  [...text].reduce((width, sign) => width + (NO_WIDTH.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1), 0);

/** Words in lines of at most `width` cells; `lead` opens the first line, the others stand below it. A long word is broken. */
export const wrap = (text: string, width: number, lead = ""): readonly string[] => {
  const room = Math.max(MIN_ROOM, width - textWidth(lead));
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ").flatMap((long) => breakWord(long, room))) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (textWidth(longer) > room) lines.push(current);
    current = textWidth(longer) > room ? word : longer;
  }
  const margin = " ".repeat(textWidth(lead));
  return [...lines, current].map((line, index) => `${index === 0 ? lead : margin}${line}`);
};

/** A terminal narrower than a label still gets words, not single letters. */
const MIN_ROOM = 20;

export const cutToWidth = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text;
  let kept = "";
  for (const sign of text) {
    if (textWidth(kept) + textWidth(sign) > width - 1) break;
    kept += sign;
  }
  return `${kept}…`;
};

const NO_WIDTH = /^\p{M}$/u;
/** Unicode's wide scripts (UAX #11), coarsely: enough for names in tables. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]$/u;

const breakWord = (word: string, width: number): readonly string[] => {
  if (textWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const sign of word) {
    if (textWidth(part) + textWidth(sign) > width) {
      parts.push(part);
      part = "";
    }
    part += sign;
  }
  return [...parts, part];
};

const columnsThatFit = (columns: readonly TextColumn[], width: number): readonly TextColumn[] => {
  const total = columns.reduce((sum, column) => sum + columnWidth(column) + GAP.length, -GAP.length);
  if (total <= width || columns.length <= 2) return columns;
  const least = Math.min(...columns.map(({ worth }) => worth));
  return columnsThatFit(
    columns.filter(({ worth }) => worth !== least),
    width,
  );
};

const columnWidth = ({ title, cells }: TextColumn): number => Math.max(textWidth(title), ...cells.map(textWidth));

const pad = (text: string, width: number, align: TextColumn["align"]): string => {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? `${space}${text}` : `${text}${space}`;
};
