import type { Axis, Series } from "../chart.ts";
import type { Column } from "../report.ts";

/** From this ratio of the largest to the smallest value on, small values would be a flat line at the bottom. */
const WIDE = 40;

/** Logarithmic when the values span more than a linear axis can show, and none of them is 0. */
export const scaleOf = (series: readonly Series[]): Axis["scale"] => {
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return least > 0 && most > WIDE * least ? "log" : "linear";
};

export const textColumn = (title: string): Column => ({ title, kind: "text" });
export const numberColumn = (title: string): Column => ({ title, kind: "number" });
