import type { Log } from "../src/ports.ts";
import { waitLine } from "../src/target/wait-line.ts";
import { epochMs } from "../src/units.ts";

/** Keeps what a person would read, without warnings; `now` is for countdowns. */
export const fakeLog = (now: () => number = () => 0, lines: string[] = []): Log => ({
  info: (line) => {
    lines.push(line);
  },
  warn: () => undefined,
  progress: () => undefined,
  wait: (wait) => {
    lines.push(waitLine(wait, epochMs(now())));
  },
  stage: () => undefined,
});
