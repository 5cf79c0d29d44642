import type { Verdict } from "../../judge/verdict.ts";
import type { MetricRow, Range } from "../report.ts";
import { element } from "./element.ts";

const WIDTH = 160;
const HEIGHT = 22;
/** From a limit's width better than the base to a limit's width beyond the limit. */
const LEAST = -1;
const MOST = 2;
/** Room at both ends for the arrow of a bound that lies outside. */
const MARGIN = 8;

/** The interval of a change on the row's limit: no change and limit stand at the same place in every row. */
export const renderRange = ({ range, verdict, change, interval, limit }: MetricRow): string => {
  if (range === null) return "";
  const label = `${interval === "" ? change : `${change}, interval ${interval}`}, limit ${limit}`;
  return element(
    "svg",
    {
      class: `range ${toneOf(verdict)}`,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: "img",
      "aria-label": label,
    },
    line("none", 0),
    line("limit", 1),
    reach(range.estimate),
    bar(range),
    outside(range),
    mark(range.estimate),
  );
};

/** From no change to the estimate: how far it went. */
const reach = (estimate: number): string =>
  element("line", { class: "reach", x1: at(0), x2: at(estimate), y1: HEIGHT / 2, y2: HEIGHT / 2 });

const bar = ({ low, high }: Range): string => {
  if (low === high) return "";
  const [from, to] = [at(low), at(high)];
  return element("rect", {
    class: "bar",
    x: from,
    y: HEIGHT / 2 - 4,
    width: Math.max(2, round(to - from)),
    height: 8,
    rx: 2,
  });
};

/** An arrow where the interval goes on beyond the picture. */
const outside = ({ low, high }: Range): string => {
  const middle = HEIGHT / 2;
  const arrow = (tip: number, back: number): string =>
    element("path", { class: "arrow", d: `M${back} ${middle - 6}L${tip} ${middle}L${back} ${middle + 6}Z` });
  return `${low < LEAST ? arrow(1, MARGIN) : ""}${high > MOST ? arrow(WIDTH - 1, WIDTH - MARGIN) : ""}`;
};

const mark = (estimate: number): string =>
  estimate < LEAST || estimate > MOST
    ? ""
    : element("circle", { class: "mark", cx: at(estimate), cy: HEIGHT / 2, r: 4 });

const line = (name: string, position: number): string =>
  element("line", { class: name, x1: at(position), x2: at(position), y1: 1, y2: HEIGHT - 1 });

const at = (position: number): number => {
  const share = (Math.min(MOST, Math.max(LEAST, position)) - LEAST) / (MOST - LEAST);
  return round(MARGIN + share * (WIDTH - 2 * MARGIN));
};

const round = (value: number): number => Math.round(value * 10) / 10;

const toneOf = (verdict: Verdict | null): string => (verdict === null ? "informs" : verdict);
