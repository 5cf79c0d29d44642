/** CPU time of the whole process since its start, over wall time and workers: 0 to 1. */
export type CpuMeter = () => number;

export const startCpuMeter = (workers: number): CpuMeter => {
  const before = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - start) * 1000 * workers;
    return wall > 0 ? Math.min(1, (user + system) / wall) : 0;
  };
};

/** Peak resident set of the process in megabytes; `maxRSS` is in kilobytes on every platform of libuv. */
export const peakMemoryMb = (): number => process.resourceUsage().maxRSS / 1024;
