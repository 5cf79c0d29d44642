/** The numbers of the story: one handler before and after, one load, one concurrency limit. */
export const STORY = {
  functionName: "orders",
  slow: { durationMs: 701.73 },
  fast: { durationMs: 7.66 },
  /** Below what the slow handler needs at this load, far above what the fast one needs. */
  concurrencyLimit: 40,
  /** Milliseconds by which CloudWatch is late. */
  metricsDelay: 1_500,
} as const;

/** The same for every run of the story, as inputs of the action and flags of the command line. */
export const LOAD: Readonly<Record<string, string>> = {
  users: "60",
  "spawn-rate": "60",
  "run-time": "9s",
  "warm-up": "1s",
  "wait-time": "constant(0.35)",
  "metrics-timeout": "10s",
  functions: STORY.functionName,
};
