import { ExitCode } from "../errors.ts";

/**
 * The first SIGINT or SIGTERM stops the load and lets the run finish in seconds with what it has; the second ends the
 * process at once. A runner kills the tree 10 s after its SIGINT, so a last timer ends us before that, whatever hangs.
 */
export const abortOnSignals = (
  onAbort: (signal: string) => void,
  /** What must still be written when something hangs; it has moments. */
  onLastCall: () => Promise<void> = async () => {},
): AbortSignal => {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    onAbort(name);
    controller.abort();
    setTimeout(() => void onLastCall().finally(leave), LAST_CALL).unref();
    setTimeout(leave, LAST_MOMENT).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
};

const leave = (): never => process.exit(ExitCode.interrupted);

/** Milliseconds from the first signal to the end, drain and writing included (SPEC section 3: 6 s). */
const LAST_CALL = 5_500;
const LAST_MOMENT = 5_800;
