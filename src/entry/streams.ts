import { createInterface } from "node:readline/promises";

/** What a command line writes to, passed in so that a command is a function of its arguments. */
export type Streams = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Of the terminal behind each stream as it is now; `null` when it is none. */
  readonly outSize: () => ScreenSize | null;
  readonly errSize: () => ScreenSize | null;
  readonly colour: boolean;
  readonly errColour: boolean;
  /** A question to the person at the terminal, answered with `null` when they leave it (Ctrl+C, Ctrl+D); `null` when nobody sits at one. */
  readonly ask: ((question: string) => Promise<string | null>) | null;
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type ScreenSize = { readonly columns: number; readonly rows: number };

const USUAL_WIDTH = 100;
const USUAL_HEIGHT = 24;

/**
 * The process's own streams. No colour where there is no terminal or NO_COLOR is set (https://no-color.org). A reader that
 * has gone (`| head`) changes neither the run nor its exit code.
 */
export const processStreams = (): Streams => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unlessReaderGone);
  const wantsColour = (process.env["NO_COLOR"] ?? "") === "";
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    outSize: () => sizeOf(process.stdout),
    errSize: () => sizeOf(process.stderr),
    colour: process.stdout.isTTY && wantsColour,
    errColour: process.stderr.isTTY && wantsColour,
    ask: process.stdin.isTTY && process.stderr.isTTY ? askPerson : null,
    env: process.env,
  };
};

const unlessReaderGone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== "EPIPE") throw error;
};

const askPerson = async (question: string): Promise<string | null> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
    process.stderr.write("\n");
    return null;
  } finally {
    lines.close();
  }
};

/** A terminal that was never given a size says 0. */
const sizeOf = ({ isTTY, columns, rows }: NodeJS.WriteStream): ScreenSize | null =>
  isTTY ? { columns: columns || USUAL_WIDTH, rows: rows || USUAL_HEIGHT } : null;

/** Of stdout; what goes into a file or a pipe is not cut to a screen. */
export const heightOf = (streams: Streams): number | null => streams.outSize()?.rows ?? null;

/** Of stdout; a line in a file or a pipe is searched as a whole, and may be as long as it is. */
export const lineWidthOf = (streams: Streams): number => streams.outSize()?.columns ?? Number.POSITIVE_INFINITY;

export const widthOf = (streams: Streams): number => streams.outSize()?.columns ?? USUAL_WIDTH;
