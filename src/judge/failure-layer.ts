import type { Compared } from "./layer-parts.ts";
import { pooled } from "./plateau.ts";
import type { Attribution } from "./verdict.ts";
import { points } from "./wording.ts";

/** One cause must explain this share of the failures that are new: then all others have at most half as many. */
const EXPLAINS = 2 / 3;
/** What is below this share of them plays no part. */
const NEGLIGIBLE = 0.1;

/**
 * Where new failures come from, by what AWS counted: throttles, function errors, answers that Lambda never saw. `null`
 * without new failures; `unknown` where nothing that was counted explains most of them.
 */
export const failureLayer = (sides: Compared): Attribution | null => {
  const failures = rise(sides, "failure-rate");
  if (failures === null || failures <= 0) return null;
  const throttles = rise(sides, "lambda-throttles");
  const errors = rise(sides, "lambda-errors");
  const uncounted = uncountedRise(sides);
  const most = (share: number | null): boolean => share !== null && share >= EXPLAINS * failures;
  const none = (share: number | null): boolean => share !== null && share <= NEGLIGIBLE * failures;
  const named = `${points(failures)} of failures`;
  if (isContainers(sides)) return containerLayer({ sides, failures, named });
  const found: Attribution[] = [];
  if (most(throttles))
    found.push({
      layer: "throttling",
      text: `throttling moved: ${points(throttles ?? 0)} of throttles, ${named}`,
    });
  if (most(errors))
    found.push({
      layer: "code",
      text: `the code moved: ${points(errors ?? 0)} of function errors, ${named}`,
    });
  if (most(uncounted))
    found.push({
      layer: "gateway",
      text: `the gateway moved: ${points(uncounted ?? 0)} of answers that Lambda never saw, ${named}`,
    });
  const handlers = [throttles, errors, uncounted, unansweredRise(sides)].every(none);
  if (handlers)
    found.push({
      layer: "code",
      text: `the code moved: ${named}, given by the handler itself (Lambda counted no error)`,
    });
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  return { layer: "unknown", text: `${named}: AWS's counts do not say which layer they come from` };
};

/** No function was named, and the front end tells how many answers it made itself. */
const isContainers = ({ base, heads }: Compared): boolean =>
  [...base, ...heads].every(({ counts, unmeasured, layers }) => {
    const isLambda = "lambda-errors" in counts || "lambda-errors" in unmeasured;
    return !isLambda && (layers?.uncountedShare ?? null) !== null;
  });

/** What a load balancer answers in a target's place may be either's doing; what the target answered is its own. */
const containerLayer = (of: {
  readonly sides: Compared;
  readonly failures: number;
  readonly named: string;
}): Attribution => {
  const shares = [uncountedRise(of.sides), unansweredRise(of.sides)];
  return shares.every((share) => share !== null && share <= NEGLIGIBLE * of.failures)
    ? { layer: "code", text: `the code moved: ${of.named}, given by the containers themselves` }
    : {
        layer: "unknown",
        text: `${of.named}: the load balancer gave answers of its own, and its counts do not say why`,
      };
};

/** How much more often something happens per request than on the base; `null` unless both sides counted it. */
export const rise = ({ base, heads }: Compared, id: string): number | null => {
  const shareOf = (runs: Compared["base"]): number | null => {
    const counts = runs.map((run) => run.counts[id]).filter((one) => one !== undefined);
    const tally = pooled(counts);
    return tally.trials === 0 ? null : tally.events / tally.trials;
  };
  const [before, after] = [shareOf(base), shareOf(heads)];
  return before === null || after === null ? null : after - before;
};

const uncountedRise = (sides: Compared): number | null => shareRise(sides, (run) => run.layers?.uncountedShare ?? null);

const unansweredRise = (sides: Compared): number | null =>
  shareRise(sides, (run) => run.layers?.unansweredShare ?? null);

const shareRise = (
  { base, heads }: Compared,
  figure: (run: Compared["base"][number]) => number | null,
): number | null => {
  const meanOf = (runs: Compared["base"]): number | null => {
    const values = runs.map(figure).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [before, after] = [meanOf(base), meanOf(heads)];
  return before === null || after === null ? null : after - before;
};
