/** Longest line that is read: a response body in a Vegeta line may be megabytes. */
const LONGEST_LINE = 16 * 1024 * 1024;

export type Lines = {
  readonly push: (chunk: string) => void;
  /** Hands out what stands behind the last line end. */
  readonly end: () => void;
};

/** A line without its end, and its number from 1. */
export type OnLine = (line: string, number: number, how: LineFacts) => void;

export type LineFacts = {
  /** It is longer than what is read, and this is its beginning. */
  readonly tooLong: boolean;
  /** `false` for what stands behind the last line end of the file. */
  readonly ended: boolean;
};

/** Cuts a stream of text into lines; holds one line and one chunk, never the file. Ends are LF or CRLF. */
export const splitLines = (onLine: OnLine): Lines => {
  let parts: string[] = [];
  let held = 0;
  let number = 0;
  const hold = (part: string): void => {
    if (held <= LONGEST_LINE) parts.push(part);
    held += part.length;
  };
  const give = (ended: boolean): void => {
    const text = parts.join("");
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    number += 1;
    const tooLong = held > LONGEST_LINE;
    parts = [];
    held = 0;
    onLine(number === 1 && line.startsWith("\uFEFF") ? line.slice(1) : line, number, { tooLong, ended });
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
        hold(chunk.slice(from, end));
        give(true);
        from = end + 1;
      }
      if (from < chunk.length) hold(chunk.slice(from));
    },
    end: () => {
      if (held > 0) give(false);
    },
  };
};
