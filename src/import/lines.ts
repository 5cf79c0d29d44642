/** Longest line that is read: a response body in a Vegeta line may be megabytes. */
const LONGEST_LINE = 16 * 1024 * 1024;

export type Lines = {
  readonly push: (chunk: string) => void;
  /** Hands out what stands behind the last line end. */
  readonly end: () => void;
};

/** A line without its end, its number from 1, and whether it was cut because it is too long. */
export type OnLine = (line: string, number: number, tooLong: boolean) => void;

/** Cuts a stream of text into lines; holds one line and one chunk, never the file. Ends are LF or CRLF. */
export const splitLines = (onLine: OnLine): Lines => {
  let parts: string[] = [];
  let held = 0;
  let number = 0;
  const hold = (part: string): void => {
    if (held <= LONGEST_LINE) parts.push(part);
    held += part.length;
  };
  const give = (): void => {
    const text = parts.join("");
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    number += 1;
    const tooLong = held > LONGEST_LINE;
    parts = [];
    held = 0;
    onLine(number === 1 && line.startsWith("\uFEFF") ? line.slice(1) : line, number, tooLong);
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
        hold(chunk.slice(from, end));
        give();
        from = end + 1;
      }
      if (from < chunk.length) hold(chunk.slice(from));
    },
    end: () => {
      if (held > 0) give();
    },
  };
};
