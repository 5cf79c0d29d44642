import { nodeFiles } from "../adapters/node/files.ts";
import { type PriceTable, parsePrices } from "../cloud/prices.ts";
import { type Parsed, refused, usageProblem } from "../errors.ts";

const MAX_PRICES_BYTES = 256 * 1024;

/** A price table of the user's. `input` is the name under which it was given. */
export const readPrices = async (path: string, input: string): Promise<Parsed<PriceTable>> => {
  const read = await nodeFiles().read(path, MAX_PRICES_BYTES);
  const unreadable = (what: string): Parsed<never> =>
    refused([usageProblem("unreadable-file", `The price table ${path} ${what}.`, `Mend ${input}, or leave it out.`)]);
  if (read.kind === "absent") return unreadable("does not exist");
  if (read.kind === "refused") return unreadable(`cannot be read: ${read.reason}`);
  const value = json(read.text);
  return value === undefined ? unreadable("is not JSON") : parsePrices(value, path);
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
