import { type Parsed, parsed } from "../errors.ts";
import type { StatusRange } from "./config.ts";
import { type Given, wrong } from "./given.ts";

/** Status codes and inclusive ranges: `200-399,404`. */
export const parseStatuses = (given: Given): Parsed<readonly StatusRange[]> => {
  const ranges: StatusRange[] = [];
  for (const part of given.text.split(/[,\n]/).map((text) => text.trim())) {
    const range = rangeOf(part);
    if (range === null) {
      return wrong(
        given,
        "which is not a list of status codes",
        "Write codes from 100 to 599 and ranges, such as 200-399,404.",
      );
    }
    ranges.push(range);
  }
  return parsed(ranges);
};

/** `200-399,404`. */
export const formatStatuses = (ranges: readonly StatusRange[]): string =>
  ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");

const rangeOf = (text: string): StatusRange | null => {
  const match = /^([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?$/.exec(text);
  if (match === null) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to ? { from, to } : null;
};
