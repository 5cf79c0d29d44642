import type { Log } from "../ports.ts";
import { escapeLog } from "../report/escape.ts";
import { progressLine } from "../report/terminal.ts";
import type { Streams } from "./streams.ts";

/** Seconds between two progress lines where nothing can be overwritten. */
const EVERY = 5;
const CLEAR_LINE = "\r\u001b[2K";

/** Progress on stderr: one line that refreshes on a terminal, a line every few seconds elsewhere, nothing when quiet. */
export const terminalLog = ({ err, errWidth }: Streams, quiet: boolean): Log & { readonly end: () => void } => {
  if (quiet) return { info: () => {}, warn: () => {}, progress: () => {}, end: () => {} };
  let live = false;
  let shown = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (live) err(CLEAR_LINE);
    live = false;
  };
  const line = (text: string): void => {
    clear();
    err(`${escapeLog(text)}\n`);
  };
  return {
    info: line,
    warn: (text) => line(`warning: ${text}`),
    progress: (progress) => {
      const text = progressLine(progress);
      if (errWidth !== null) {
        err(`${CLEAR_LINE}${text.slice(0, errWidth - 1)}`);
        live = true;
        return;
      }
      if (progress.elapsed >= shown && progress.elapsed - shown < EVERY) return;
      shown = progress.elapsed;
      line(text);
    },
    end: clear,
  };
};
