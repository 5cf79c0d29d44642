/** What a command line writes to, passed in so that a command is a function of its arguments. */
export type Streams = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Of the terminal behind each stream; `null` when it is none. */
  readonly outWidth: number | null;
  readonly errWidth: number | null;
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
};

const USUAL_WIDTH = 100;

/**
 * The process's own streams. No colour when stdout is not a terminal or NO_COLOR is set (https://no-color.org). A reader
 * that has gone (`| head`) changes neither the run nor its exit code.
 */
export const processStreams = (): Streams => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unlessReaderGone);
  return ownStreams();
};

const unlessReaderGone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== "EPIPE") throw error;
};

const ownStreams = (): Streams => ({
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
  outWidth: process.stdout.isTTY ? (process.stdout.columns ?? USUAL_WIDTH) : null,
  errWidth: process.stderr.isTTY ? (process.stderr.columns ?? USUAL_WIDTH) : null,
  colour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
  env: process.env,
});

export const widthOf = (streams: Streams): number => streams.outWidth ?? USUAL_WIDTH;
