import { nodeFiles } from "../../adapters/node/files.ts";
import { answerCapacity } from "../../cloud/capacity-answer.ts";
import { PRICES, type PriceTable, parsePrices } from "../../cloud/prices.ts";
import { readCapacity } from "../../config/capacity-flags.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, type Parsed, parsed, refused, UserError, usageProblem } from "../../errors.ts";
import { capacityJson, capacityText } from "../capacity-text.ts";
import type { Streams } from "../streams.ts";

const MAX_PRICES_BYTES = 256 * 1024;

/** `swarmgate capacity`: an answer and not a gate, so the exit code is 0 also when the rate cannot be served. */
export const capacityCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const request = readCapacity(inputs);
  if (!request.ok) throw new UserError(request.problems);
  const prices = await readPrices(request.value.prices);
  if (!prices.ok) throw new UserError(prices.problems);
  const answer = answerCapacity(request.value.question, prices.value);
  const now = Date.now();
  streams.out(
    options.json
      ? `${JSON.stringify(capacityJson(answer, prices.value), null, 2)}\n`
      : capacityText(answer, prices.value, now),
  );
  return ExitCode.gateOpen;
};

const readPrices = async (path: string | null): Promise<Parsed<PriceTable>> => {
  if (path === null) return parsed(PRICES);
  const read = await nodeFiles().read(path, MAX_PRICES_BYTES);
  const unreadable = (what: string): Parsed<never> =>
    refused([usageProblem("unreadable-file", `The price table ${path} ${what}.`, "Mend --prices, or leave it out.")]);
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
