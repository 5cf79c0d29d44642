const SECOND_MS = 1000;

/**
 * Calls `tick` at every whole second after `startAt` (of this thread's `performance.now()`) with the number of the second
 * that ended, never late by what earlier ticks were; returns how to stop it.
 */
export const everySecond = (startAt: number, tick: (second: number) => void): (() => void) => {
  let timer: NodeJS.Timeout | null = null;
  const arm = (): void => {
    const now = performance.now();
    const ended = Math.max(1, Math.floor((now - startAt) / SECOND_MS) + 1);
    timer = setTimeout(
      () => {
        tick(ended - 1);
        arm();
      },
      Math.max(1, Math.ceil(startAt + ended * SECOND_MS - now)),
    );
  };
  arm();
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
};
