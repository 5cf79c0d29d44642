import type { Log, Wait } from "../ports.ts";
import { escapeLog } from "../report/escape.ts";
import { renderLive } from "../report/live-table.ts";
import { progressLine } from "../report/terminal.ts";
import { waitLine } from "../target/wait-line.ts";
import { wrap, wrapWords } from "../text-layout.ts";
import { epochMs } from "../units.ts";
import { liveRegion } from "./live-region.ts";
import type { ScreenSize, Streams } from "./streams.ts";

export type TerminalLog = Log & { readonly end: () => void };

/** Progress on stderr: live on a terminal, a line every few seconds elsewhere, nothing when quiet. */
export const terminalLog = (streams: Streams, quiet: boolean): TerminalLog => {
  if (quiet) return silentLog;
  return streams.errSize() === null ? plainLog(streams) : liveLog(streams);
};

const nothing = (): void => {};
const silentLog: TerminalLog = {
  info: nothing,
  warn: nothing,
  progress: nothing,
  wait: nothing,
  stage: nothing,
  end: nothing,
};

/** Seconds of load between two progress lines where nothing can be overwritten. */
const EVERY = 5;

const plainLog = ({ err }: Streams): TerminalLog => {
  let shown = Number.NEGATIVE_INFINITY;
  const line = (text: string): void => err(`${escapeLog(text)}\n`);
  return {
    ...silentLog,
    info: line,
    warn: (text) => line(`warning: ${text}`),
    wait: (wait) => line(waitLine(wait, now())),
    progress: (progress) => {
      if (progress.elapsed >= shown && progress.elapsed - shown < EVERY) return;
      shown = progress.elapsed;
      line(progressLine(progress));
    },
  };
};

const SECOND_MS = 1000;

/** The table of the load, or a countdown, at the bottom of the terminal; lines that stay go above it. */
const liveLog = ({ err, errSize, errColour }: Streams): TerminalLog => {
  const size = (): ScreenSize => errSize() ?? { columns: 80, rows: 24 };
  const region = liveRegion(err, () => size().columns);
  let countdown: NodeJS.Timeout | null = null;
  const stopCountdown = (): void => {
    if (countdown !== null) clearInterval(countdown);
    countdown = null;
  };
  const clear = (): void => {
    stopCountdown();
    region.clear();
  };
  const line = (text: string, lead = ""): void => {
    clear();
    err(`${wrapWords(escapeLog(text), size().columns, lead).join("\n")}\n`);
  };
  const showWait = (wait: Wait): void => region.show(wrap(escapeLog(waitLine(wait, now())), size().columns - 1));
  return {
    info: (text) => line(text),
    warn: (text) => line(text, "warning: "),
    wait: (wait) => {
      stopCountdown();
      showWait(wait);
      countdown = setInterval(() => showWait(wait), SECOND_MS).unref();
    },
    progress: (progress) => {
      stopCountdown();
      const { columns, rows } = size();
      region.show(renderLive(progress, { width: columns - 1, height: rows, colour: errColour }));
    },
    stage: clear,
    end: clear,
  };
};

const now = () => epochMs(Date.now());
