import type { LayerFigures, RunSummary } from "../record/summary.ts";
import { mean } from "../stats/prediction.ts";
import { type Compared, isSure, type Part, type Parts, part, SURE } from "./layer-parts.ts";
import type { Attribution } from "./verdict.ts";
import { amount } from "./wording.ts";

type Layer = Attribution["layer"];

/** The share of the client's change that a layer must explain, and how much more it may have changed than that. */
const EXPLAINS = 0.6;
const OVERSHOOT = 1.7;
/** A second layer that moved the same way may have at most this part of what the first one has. */
const RIVAL = 0.5;
/** The client's mean must have moved at least so far for an account of means to mean anything. */
const LEAST_SHARE = 0.05;
const LEAST_MS = 2;

/**
 * Which layer the client's change of latency comes from; `unknown` where no layer explains most of it, where two do, or
 * where the one that would have to is not measured. `moved`: latencies that moved, by metric id.
 */
export const latencyLayer = (sides: Compared, parts: Parts, moved: ReadonlySet<string>): Attribution => {
  const accounts = [...meanAccount(sides, parts), ...quantileAccounts(sides, parts, moved)];
  const found = new Map(accounts.map((one) => [one.layer, one]));
  const [first, ...others] = found.values();
  if (first === undefined) return { layer: "unknown", text: unexplained(parts) };
  if (others.length > 0) {
    const names = [...found.keys()].join(" and ");
    return { layer: "unknown", text: `more than one layer moved (${names}), and none explains the change alone` };
  }
  return first;
};

type Candidate = { readonly layer: Layer; readonly part: Part; readonly what: string };

const meanAccount = (sides: Compared, parts: Parts): readonly Attribution[] => {
  const { total } = parts;
  if (total === null || Math.abs(total.change) < Math.max(LEAST_MS, LEAST_SHARE * total.base)) return [];
  const winner = explaining(total.change, candidates(sides, parts, { handler: parts.handler, total: total.change }));
  return winner === null ? [] : [told(winner, total.change, "the mean request")];
};

/** Medians and 95th percentiles by Lambda's own: a part of the requests may have moved without the mean. */
const quantileAccounts = (sides: Compared, parts: Parts, moved: ReadonlySet<string>): readonly Attribution[] => {
  const quantile = moved.has("p50") ? "p50" : "p95";
  const client = part(sides, QUANTILE_PRIOR, (run) => run.values[quantile] ?? null);
  const lambda = part(sides, QUANTILE_PRIOR, (run) => durationQuantile(run, quantile));
  if (client === null || lambda === null || !moved.has(quantile)) return [];
  const inside = { ...parts, cold: quantile === "p50" ? null : parts.cold };
  const all = candidates(sides, inside, { handler: lambda, total: client.change });
  const winner = explaining(client.change, all);
  if (winner === null) return [];
  const own = Math.abs(winner.part.change);
  // Cold starts sit in the tail: their mean does not say how far a percentile moves, only that it is not alone.
  const colds = Math.sign(client.change) * (parts.cold?.change ?? 0);
  const trusted = (quantile === "p50" || winner.layer === "code") && colds <= RIVAL * own;
  return trusted && unseen(parts, winner) <= own ? [told(winner, client.change, quantile)] : [];
};

/** By how much the mean request moved further than a layer did: where no part is measured that explains it, something else moved more. */
const unseen = ({ total, handler }: Parts, { layer, part: own }: Candidate): number => {
  const explained = layer === "code" ? (handler ?? own) : own;
  return total === null ? 0 : (total.change - explained.change) * Math.sign(own.change) - SURE * total.noise;
};

const QUANTILE_PRIOR = 0.08;

/** Only one function's percentiles are those of a request. */
const durationQuantile = ({ functions, values }: RunSummary, quantile: "p50" | "p95"): number | null =>
  functions.length === 1 ? (values[`lambda-duration-${quantile}`] ?? null) : null;

const candidates = (
  sides: Compared,
  parts: Parts,
  { handler, total }: { readonly handler: Part | null; readonly total: number },
): readonly Candidate[] => {
  const runner = runnerState(sides, total);
  const network = runner === "calm" ? networkPart(parts) : null;
  return [
    ...entry("code", handler, handlerName(sides)),
    ...entry("cold-start", parts.cold, "cold starts"),
    ...entry("gateway", parts.gateway, "the front end's own time"),
    ...entry("network", network, network === parts.network ? "connecting" : "the way to the front end"),
    ...entry("runner", parts.lag, "late starts"),
    // A strained generator measures late on its own side of the front end.
    ...entry("runner", runner === "strained" ? parts.beyondFrontEnd : null, "a strained load generator"),
  ];
};

/** Whose clock says how long the handler took. */
const handlerName = ({ heads }: Compared): string =>
  heads.every(({ functions }) => functions.length === 0) ? "the target's response time" : "lambda-duration";

const entry = (layer: Layer, own: Part | null, what: string): readonly Candidate[] =>
  own === null ? [] : [{ layer, part: own, what }];

/** Of the two witnesses of the network the one that moved more, when both or none of them surely did. */
const networkPart = ({ network, beyondFrontEnd }: Parts): Part | null => {
  const witnesses = [network, beyondFrontEnd].filter((one) => one !== null);
  const sure = witnesses.filter(isSure);
  return (sure.length > 0 ? sure : witnesses).toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))[0] ?? null;
};

const explaining = (total: number, all: readonly Candidate[]): Candidate | null => {
  const sign = Math.sign(total);
  const same = all.filter(({ part: own }) => isSure(own) && Math.sign(own.change) === sign);
  const most = same.toSorted((a, b) => Math.abs(b.part.change) - Math.abs(a.part.change))[0];
  if (most === undefined) return null;
  const own = Math.abs(most.part.change);
  const enough = own >= EXPLAINS * Math.abs(total) && own <= OVERSHOOT * Math.abs(total) + SURE * most.part.noise;
  const rivals = same.some(({ layer, part: other }) => layer !== most.layer && Math.abs(other.change) > RIVAL * own);
  return enough && !rivals ? most : null;
};

/** `doubtful`: strained enough to spoil the trust in the network's part, not enough to bear the blame. */
type RunnerState = "calm" | "doubtful" | "strained";

/**
 * A generator that reads answers late shows it in its own loop: what it adds to the mean request is no more than the 99th
 * percentile of the loop's delay (measured in reference/load-generators.md section 5). The growth of that delay as a
 * share of the client's change says what it can explain; the blame it bears only where the loop is late as a rule, because
 * rare stalls, of which a busy machine has many, move neither mean nor median so far. Up to the doubt the rest of the
 * change is still twice as much as all that the generator can have done to it.
 */
const STRAIN = { blame: 0.5, doubt: RIVAL / (1 + RIVAL) };

const runnerState = ({ base, heads }: Compared, total: number): RunnerState => {
  const meanOf = (runs: readonly RunSummary[], figure: (layers: LayerFigures) => number | null): number =>
    mean(runs.map(({ layers }) => (layers === null ? 0 : (figure(layers) ?? 0))));
  // A share of the client's change in its direction: a generator that became calmer makes requests faster, not slower.
  const share = (figure: (layers: LayerFigures) => number | null): number =>
    ((meanOf(heads, figure) - meanOf(base, figure)) * Math.sign(total)) / Math.max(1, Math.abs(total));
  if (share((layers) => layers.loopDelayMs) <= STRAIN.doubt) return "calm";
  return share((layers) => layers.usualLoopDelayMs) >= STRAIN.blame ? "strained" : "doubtful";
};

const told = ({ layer, part: own, what }: Candidate, total: number, whose: string): Attribution => ({
  layer,
  text: `${LAYER_TEXT[layer]}: ${what} ${signed(own.change)} (${amount(own.base, "ms")} to ${amount(own.head, "ms")}) of ${signed(total)} for ${whose}`,
});

const LAYER_TEXT: Readonly<Record<Layer, string>> = {
  code: "the code moved",
  "cold-start": "cold starts moved",
  throttling: "throttling moved",
  gateway: "the gateway moved",
  network: "the network moved, not the code",
  runner: "the load generator moved, not the code",
  unknown: "not known",
  none: "nothing moved",
};

const PART_TEXT = [
  ["handler", "lambda-duration"],
  ["cold", "cold starts"],
  ["gateway", "the front end's own time"],
  ["network", "connecting"],
  ["beyondFrontEnd", "the way to the front end"],
  ["lag", "late starts"],
] as const;

const unexplained = (parts: Parts): string => {
  const { total, handler, gateway, cold } = parts;
  if (total === null || handler === null)
    return "Lambda's Duration is not known on both sides, so no layer can be named";
  const lacking = [...(gateway === null ? ["the front end's metrics"] : []), ...(cold === null ? ["the logs"] : [])];
  const inside = `a request takes ${signed(total.change)}, Duration ${signed(handler.change)}`;
  const sure = PART_TEXT.flatMap(([name, text]) => {
    const own = parts[name];
    return own !== null && isSure(own) ? [`${text} ${signed(own.change)}`] : [];
  });
  if (sure.length > 1)
    return `a request takes ${signed(total.change)}, and no layer explains it alone: ${sure.join(", ")}`;
  return lacking.length === 0
    ? `${inside}: no layer that was measured explains it`
    : `${inside}: without ${lacking.join(" and ")} the layer cannot be named`;
};

const signed = (ms: number): string => `${ms < 0 ? "-" : "+"}${amount(Math.abs(ms), "ms")}`;
