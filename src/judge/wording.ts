import type { MetricUnit } from "../config/metric-catalog.ts";

const THREE_DIGITS = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const TWO_DIGITS = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const HUNDREDTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** A value with its unit, for sentences: `7.66 ms`, `0.52 %`, `12 environments`. */
export const amount = (value: number, unit: MetricUnit): string => {
  switch (unit) {
    case "ms":
      return `${THREE_DIGITS.format(value)} ms`;
    case "share":
      return `${THREE_DIGITS.format(value * 100)} %`;
    case "rps":
      return `${THREE_DIGITS.format(value)} requests/s`;
    case "environments":
      return `${THREE_DIGITS.format(value)} environments`;
    case "usd":
      return `${THREE_DIGITS.format(value)} USD`;
    case "count":
      return THREE_DIGITS.format(value);
  }
};

/** `+5,200 %` or `-12 %`, of a signed share. */
export const percent = (share: number): string => signed(share, TWO_DIGITS, " %");

/** `+0.52 points`, of a signed difference of shares. */
export const points = (difference: number): string => signed(difference, TWO_DIGITS, " points");

/** `99.75 %`: the confidence of a one-sided level. */
export const confidence = (level: number): string => `${HUNDREDTHS.format((1 - level) * 100)} %`;

export const count = (n: number): string => WHOLE.format(n);

/** `run` or `3 runs`. */
export const countOfRuns = (n: number): string => (n === 1 ? "run" : `${count(n)} runs`);

/** Below a thousandth of a per cent nothing is said but "no change". */
const signed = (share: number, format: Intl.NumberFormat, unit: string): string => {
  const rounded = Math.round(share * 1e5) / 1e5;
  return `${rounded < 0 ? "-" : "+"}${format.format(Math.abs(rounded) * 100)}${unit}`;
};
