import { epochMs, seconds } from "../units.ts";
import { addOutcomes, countRequests, noOutcomes } from "./outcome.ts";
import type { RunFacts } from "./tally.ts";
import type { SliceReport, WorkerReport } from "./worker-report.ts";

/**
 * The reports and facts of the measured window of a plan with an unmeasured ramp: seconds count from the ramp's end, who
 * came in it is there from the first second on, and what was sent in it is added to the warm-up. Without a ramp as given.
 */
export const behindRamp = (
  reports: readonly WorkerReport[],
  facts: RunFacts,
): [reports: readonly WorkerReport[], facts: RunFacts] => {
  const ramp = facts.plan.ramp ?? 0;
  if (ramp === 0) return [reports, facts];
  const outcomes = { ...facts.warmUp.outcomes };
  for (const slice of reports.flatMap((report) => report.slices)) {
    if (slice.second < ramp) addOutcomes(outcomes, slice.outcomes);
  }
  return [
    reports.map((report) => shifted(report, ramp)),
    {
      ...facts,
      start: epochMs(facts.start + ramp * 1000),
      seconds: seconds(Math.max(0, facts.seconds - ramp)),
      host: facts.host.flatMap((one) => (one.second < ramp ? [] : [{ ...one, second: one.second - ramp }])),
      warmUp: { start: facts.warmUp.start ?? facts.start, requests: countRequests(outcomes), outcomes },
    },
  ];
};

/** How the generator was while users were still being started says nothing about what was measured. */
const shifted = (report: WorkerReport, ramp: number): WorkerReport => ({
  ...report,
  second: Math.max(0, report.second - ramp),
  slices: report.slices.map((slice) =>
    slice.second < ramp ? onlyUsers(slice) : { ...slice, second: slice.second - ramp },
  ),
  loop: report.second < ramp ? null : report.loop,
});

const onlyUsers = ({ spawned, left, tasks }: SliceReport): SliceReport => ({
  second: 0,
  spawned,
  left,
  dropped: 0,
  outcomes: noOutcomes(),
  tasks: tasks.map(() => 0),
  bytesReceived: 0,
  response: null,
  service: null,
});
