import { answerCapacity } from "../../cloud/capacity-answer.ts";
import { PRICES } from "../../cloud/prices.ts";
import { readCapacity } from "../../config/capacity-flags.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, parsed, UserError } from "../../errors.ts";
import { capacityJson, capacityText } from "../capacity-text.ts";
import { readPrices } from "../read-prices.ts";
import { lineWidthOf, type Streams } from "../streams.ts";

/** `swarmgate capacity`: an answer and not a gate, so the exit code is 0 also when the rate cannot be served. */
export const capacityCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const request = readCapacity(inputs);
  if (!request.ok) throw new UserError(request.problems);
  const { prices: path } = request.value;
  const prices = path === null ? parsed(PRICES) : await readPrices(path, "--prices");
  if (!prices.ok) throw new UserError(prices.problems);
  const answer = answerCapacity(request.value.question, prices.value);
  const now = Date.now();
  streams.out(
    options.json
      ? `${JSON.stringify(capacityJson(answer, prices.value), null, 2)}\n`
      : capacityText(answer, { prices: prices.value, now, width: lineWidthOf(streams) }),
  );
  return ExitCode.gateOpen;
};
