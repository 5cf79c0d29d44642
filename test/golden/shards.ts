/** Two machines that sent one load together. */
import type { RunRecord } from "../../src/record/record.ts";

export const shardsOf = ({ generator, totals }: RunRecord): NonNullable<RunRecord["shards"]> =>
  [1, 2].map((index) => {
    const { series: _, ...health } = generator;
    return {
      index,
      id: `run-1-shard-${index}`,
      start: index === 1 ? "2027-01-15T08:00:05.000Z" : "2027-01-15T08:00:05.034Z",
      seconds: 60,
      requests: index === 1 ? Math.ceil(totals.requests / 2) : Math.floor(totals.requests / 2),
      clockMs: index === 1 ? 0 : -120,
      generator: {
        ...health,
        usersAsked: health.usersAsked / 2,
        usersReached: health.usersReached / 2,
        utilisation: { ...health.utilisation, mean: 0.04 * index },
      },
    };
  });
