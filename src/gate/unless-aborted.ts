/** A cancelled job has seconds, a call to the outside may take longer: `null` as soon as the signal aborts. */
export const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> => {
  const { promise, resolve } = Promise.withResolvers<null>();
  const stop = (): void => resolve(null);
  signal.addEventListener("abort", stop, { once: true });
  // Whoever began the work may have aborted in the same breath, and an event that is over is not heard.
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
