/** What `ab -g` leaves behind: times, and nothing about failures. */
import { importedRecord } from "../../src/import/build-imported.ts";
import { abGnuplot } from "../../src/import/formats/one-url.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { epochMs } from "../../src/units.ts";
import { latency, outcomes } from "./fixtures.ts";
import { slicesOf } from "./slices.ts";

const WHY = "ab's file does not say which requests failed";

export const abRecord = (): RunRecord =>
  importedRecord(
    abGnuplot,
    {
      window: { start: epochMs(Date.parse("2027-01-15T08:00:05.000Z")), seconds: 60 },
      outcomes: outcomes({ ok: 2400 }),
      bytes: { sent: 0, received: 0 },
      latency: latency(21.6, 2400),
      tasks: [
        {
          name: "all requests",
          requests: 2400,
          outcomes: outcomes({ ok: 2400 }),
          response: latency(21.6, 2400),
          examples: {},
        },
      ],
      slices: slicesOf({ seconds: 60, users: 0, spawnRate: 0, p50: 21.6, outcomes: outcomes({ ok: 2400 }) }),
      users: 0,
      lacks: { "failure-rate": WHY },
      notes: [`${WHY}: failure-rate is not judged.`],
    },
    { version: "0.1.0", digest: "0".repeat(64) },
  );
