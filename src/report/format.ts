/** Figures for people: no scientific notation, thousands separated, a sign wherever a change is meant. */
import type { MetricUnit } from "../config/metric-catalog.ts";
import type { Change } from "../judge/verdict.ts";

/** Guards `ceil` against the last bits of a floating-point product: 12.000000000001 environments are 12. */
const ROUNDING_NOISE = 1e-9;

/** A metric's value with its unit. Environments are whole ones: a part of one must be provided as one. */
export const formatValue = (unit: MetricUnit, value: number): string => {
  switch (unit) {
    case "ms":
      return formatMs(value);
    case "share":
      return formatShare(value);
    case "rps":
      return `${formatFigure(value)}/s`;
    case "environments":
      return formatCount(Math.ceil(value - ROUNDING_NOISE));
    case "usd":
      return `${fixed(value, value < 1 ? 4 : 2)} USD`;
    case "count":
      return formatFigure(value);
  }
};

/** Milliseconds: two decimals below 1, one below 100, none from there. */
export const formatMs = (ms: number): string => `${fixed(ms, below(ms, 1) ? 2 : below(ms, 100) ? 1 : 0)} ms`;

/** A share as a percentage. A share that is not 0 is never printed as 0. */
export const formatShare = (share: number): string => {
  const percent = share * 100;
  if (percent !== 0 && Math.abs(percent) < 0.001) return "<0.001 %";
  return `${trimmed(percent)} %`;
};

export const formatCount = (count: number): string => fixed(count, 0);

/** `1 run`, `12 runs`. */
export const countOf = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;

/** A rate or another plain figure: one decimal below 100, none where it says nothing. */
export const formatFigure = (value: number): string =>
  below(value, 100) ? fixed(value, 1).replace(/\.0$/, "") : fixed(value, 0);

/** Seconds in the spelling of the options: `500ms`, `30s`, `1m30s`, `1h`. */
export const formatDuration = (seconds: number): string => {
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "m"],
    [whole % 60, "s"],
  ] as const;
  const text = parts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : "")).join("");
  return text === "" ? "0s" : text;
};

export const formatBytes = (bytes: number): string => {
  if (bytes < 1000) return `${formatCount(bytes)} B`;
  if (bytes < 1_000_000) return `${formatFigure(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${formatFigure(bytes / 1e6)} MB` : `${formatFigure(bytes / 1e9)} GB`;
};

/** The estimate of a change: `+14.2 %`, above +100 % `x34.2`, for shares `+5.2 pp`. */
export const formatChange = (change: Change): string =>
  change.kind === "ratio" ? signedRatio(change.ratio) : signedPoints(change.points);

/** Its 95 % interval: `+9.8 % to +18.7 %`. */
export const formatInterval = (change: Change): string => {
  const sign = change.kind === "ratio" ? signedRatio : signedPoints;
  return `${sign(change.low)} to ${sign(change.high)}`;
};

/** The estimate as a verb: `rose 34-fold`, `fell 12.4 %`, `rose 5.2 pp`. */
export const formatMove = (change: Change): string => {
  if (change.kind === "points") {
    return change.points === 0
      ? "did not change"
      : `${change.points > 0 ? "rose" : "fell"} ${unsigned(signedPoints(change.points))}`;
  }
  if (change.ratio === 1) return "did not change";
  if (change.ratio > 2) return `rose ${fixed(change.ratio, below(change.ratio, 10) ? 1 : 0)}-fold`;
  return `${change.ratio > 1 ? "rose" : "fell"} ${unsigned(signedRatio(change.ratio))}`;
};

/** The smallest change that would have been seen, rounded away from 0: the report must not claim sharper eyes than it has. */
export const formatDetectable = (unit: MetricUnit, worse: "up" | "down", effect: number): string => {
  const sign = worse === "up" ? "+" : "-";
  if (unit === "share") return `${sign}${roundedUp(effect * 100, effect < 0.01 ? 2 : 1)} pp`;
  if (worse === "up" && effect > 1) return `x${roundedUp(1 + effect, 1)}`;
  return `${sign}${roundedUp(effect * 100, effect < 0.1 ? 1 : 0)} %`;
};

/** Six significant digits, as the result JSON has them; `null` for what JSON cannot say. */
export const sixDigits = (value: number): number | null =>
  Number.isFinite(value) ? Number(value.toPrecision(6)) + 0 : null;

const signedRatio = (ratio: number): string => {
  if (!Number.isFinite(ratio)) return "unbounded";
  if (ratio > 2) return `x${fixed(ratio, below(ratio, 100) ? 1 : 0)}`;
  // Whatever is left of a value is not nothing: -99.96 % must not read as -100 %.
  const percent = ratio > 0 ? Math.max((ratio - 1) * 100, -99.9) : -100;
  return `${sign(percent, 0.05)}${fixed(Math.abs(percent), 1)} %`;
};

const signedPoints = (points: number): string => {
  if (!Number.isFinite(points)) return "unbounded";
  const amount = Math.abs(points * 100);
  return `${sign(points, 5e-5)}${fixed(amount, below(amount, 10) ? 2 : 1)} pp`;
};

/** No sign for what is printed as 0. */
const sign = (value: number, visible: number): string => (Math.abs(value) < visible ? "" : value > 0 ? "+" : "-");

const unsigned = (text: string): string => text.replace(/^[+-]/, "");

/** Whether the value is still below the bound when it is printed with one decimal. */
const below = (value: number, bound: number): boolean => Math.abs(value) < bound - (bound > 1 ? 0.05 : 0.005);

/** Three decimals below 1, two below 10, one from there, without trailing zeros. */
const trimmed = (value: number): string => {
  const decimals = below(value, 1) ? 3 : below(value, 10) ? 2 : 1;
  return fixed(value, decimals).replace(/\.?0+$/, "");
};

const roundedUp = (value: number, decimals: number): string => {
  const scale = 10 ** decimals;
  return fixed(Math.ceil(value * scale - ROUNDING_NOISE) / scale, decimals).replace(/\.0+$/, "");
};

const fixed = (value: number, decimals: number): string => {
  if (!Number.isFinite(value)) return "-";
  const [whole = "", fraction] = value.toFixed(decimals).split(".");
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? separated : `${separated}.${fraction}`;
};
