import type { Seconds } from "../units.ts";

/** What a user does between tasks, in Locust's spellings. */
export type WaitTime =
  | { readonly kind: "constant"; readonly seconds: Seconds }
  | { readonly kind: "between"; readonly min: Seconds; readonly max: Seconds }
  /** Time from task start to task start; 0 wait when the task took longer. */
  | { readonly kind: "constant_pacing"; readonly seconds: Seconds }
  /** Tasks per second and user; the same as `constant_pacing(1 / perSecond)`. */
  | { readonly kind: "constant_throughput"; readonly perSecond: number };
