/** The answer of `swarmgate capacity`, for people and for programs. */
import type { CapacityAnswer } from "../cloud/capacity-answer.ts";
import { pricesText } from "../cloud/cost.ts";
import { FRONT_END_NAMES } from "../cloud/front-ends.ts";
import type { HeadroomRow } from "../cloud/headroom-row.ts";
import type { PriceTable } from "../cloud/prices.ts";
import {
  countOf,
  formatCount,
  formatDuration,
  formatFigure,
  formatMs,
  formatShare,
  formatValue,
} from "../report/format.ts";
import { wrap } from "../text-layout.ts";

export const CAPACITY_SCHEMA = "swarmgate.capacity/v1";

/** Figures in environments, requests per second, seconds and US dollars; `null` is "not asked" or "not known". */
export const capacityJson = (answer: CapacityAnswer, prices: PriceTable) => ({
  schema: CAPACITY_SCHEMA,
  rate: answer.question.rate,
  requiredConcurrency: answer.requiredConcurrency,
  inFlight: answer.inFlight,
  byTenTimesRule: answer.byTenTimesRule,
  fits: answer.headroom.fits,
  headroom: answer.headroom.rows,
  ramp:
    answer.headroom.ramps.map(({ environments, startable, feasible, shortestSeconds }) => ({
      environments,
      startable,
      feasible,
      shortestSeconds,
    }))[0] ?? null,
  cost:
    answer.cost === null
      ? null
      : { perMillion: answer.cost.perMillion, month: answer.cost.month, pricesAsOf: prices.asOf },
  notes: answer.headroom.notes,
});

/**
 * Some lines of plain text, of at most `width` cells; ends with a newline. `now` dates the price table, milliseconds since
 * the epoch.
 */
export const capacityText = (
  answer: CapacityAnswer,
  { prices, now, width }: { readonly prices: PriceTable; readonly now: number; readonly width: number },
): string => {
  const lines = [
    ...requiredLines(answer),
    ...answer.headroom.rows.map(rowLine),
    ...rampLines(answer),
    ...costLines(answer, prices, now),
    ...answer.headroom.notes,
    verdictLine(answer),
  ];
  return `${lines.flatMap((line) => wrap(line.trimStart(), width, line.startsWith("  ") ? "  " : "")).join("\n")}\n`;
};

const requiredLines = ({
  question,
  requiredConcurrency,
  inFlight,
  byTenTimesRule,
}: CapacityAnswer): readonly string[] => {
  const { rate, durationMs, coldShare, initMs, perEnvironment } = question;
  const cold = coldShare === null ? "" : ` + ${formatShare(coldShare)} x ${formatMs(initMs ?? 0)}`;
  const time = cold === "" ? formatMs(durationMs) : `(${formatMs(durationMs)}${cold})`;
  const shared = perEnvironment === null ? "" : ` / ${perEnvironment} per environment`;
  const product = `${formatFigure(rate)} requests/s x ${time} = ${formatFigure(inFlight)} in flight${shared}`;
  return [
    `required concurrency: ${countOf(requiredConcurrency, "environment")}`,
    byTenTimesRule
      ? `  ${formatFigure(rate)} requests/s / 10: Lambda takes 10 requests/s per environment, however short they are (${product})`
      : `  ${product}`,
  ];
};

const rowLine = ({ resource, needs, has, unit, fits, from, hard }: HeadroomRow): string => {
  const mark = fits === null ? "?" : fits ? "ok" : hard ? "NO" : "spills over";
  const limit = has === null ? "not known" : amount(has, unit);
  const share = has === null || has === 0 ? "" : ` (${formatShare(Math.round((needs / has) * 1000) / 1000)})`;
  return `${resource}: needs ${unit === "ms" ? formatMs(needs) : formatCount(needs)} of ${limit}${share}${from === "default" ? ", the default quota" : ""}: ${mark}`;
};

const amount = (value: number, unit: HeadroomRow["unit"]): string =>
  unit === "ms" ? formatMs(value) : `${formatCount(value)} ${unit}`;

const rampLines = ({ question, headroom }: CapacityAnswer): readonly string[] =>
  headroom.ramps.map(({ environments, startable, feasible, shortestSeconds }) => {
    const seconds = question.rampSeconds ?? 0;
    const within = seconds === 0 ? "at once" : `within ${formatDuration(seconds)}`;
    const result = feasible
      ? "it can be followed"
      : `NO, it throttles; the shortest ramp is ${formatDuration(Math.ceil(shortestSeconds))}`;
    return `ramp: ${countOf(Math.ceil(environments), "new environment")} ${within}, Lambda starts up to ${formatCount(startable)}: ${result}`;
  });

const costLines = ({ question, cost }: CapacityAnswer, prices: PriceTable, now: number): readonly string[] => {
  if (cost === null) return [];
  const { perMillion, month } = cost;
  const parts = [
    `requests ${usd(perMillion.requests)}`,
    `duration ${usd(perMillion.duration)}`,
    ...(question.frontEnd === null || perMillion.frontEnd === 0
      ? []
      : [`${FRONT_END_NAMES[question.frontEnd]} ${usd(perMillion.frontEnd)}`]),
  ];
  const provisioned = month.provisioned;
  return [
    `cost per million requests: ${usd(perMillion.total)} (${parts.join(", ")})`,
    `cost per month at this rate, day and night: ${usd(month.onDemand)} on demand`,
    ...(provisioned === null
      ? []
      : [
          `  with ${countOf(provisioned.environments, "provisioned environment")}: ${usd(provisioned.usd)}, ${formatShare(Math.round(provisioned.utilisation * 1000) / 1000)} busy; cheaper than on demand above ${formatShare(Math.round(month.breakEven * 1000) / 1000)}`,
        ]),
    `  ${pricesText(prices, now, question.region)}`,
  ];
};

const usd = (value: number): string => formatValue("usd", value);

const verdictLine = ({ headroom }: CapacityAnswer): string => {
  if (headroom.fits === false) return "It does not fit: requests would be throttled or fail.";
  if (headroom.rows.length === 0 && headroom.ramps.length === 0)
    return "No limit was given to compare with: --account-limit, --reserved, --ramp and --front-end do.";
  return headroom.fits === null ? "As far as it is known, it fits." : "It fits.";
};
