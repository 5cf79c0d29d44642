/** Readers of what records of shards hold beside every record. */
import type { Distributions } from "../load/result.ts";
import { MOST_SHARDS } from "../load/shard.ts";
import { generatorFigures, histogram } from "./load-readers.ts";
import { amount, BAD, count, finite, listOf, object, orNull, type Reader, text } from "./reader.ts";
import { identifier, isoTime } from "./run-readers.ts";
import type { ShardFacts, ShardPart } from "./shard-facts.ts";

const place: Reader<number> = (value, path, faults) => {
  const got = count(value, path, faults);
  if (got === BAD || (got >= 1 && got <= MOST_SHARDS)) return got;
  return faults.say(path, `must be from 1 to ${MOST_SHARDS}, is ${got}`);
};

/** A clock that is off by more than thirty years is no clock. */
const FARTHEST_CLOCK = 1e12;

const clockMs: Reader<number> = (value, path, faults) => {
  const got = finite(value, path, faults);
  if (got === BAD || Math.abs(got) <= FARTHEST_CLOCK) return got;
  return faults.say(path, `must be from ${-FARTHEST_CLOCK} to ${FARTHEST_CLOCK}, is ${got}`);
};

const distributions = object<Distributions>({
  dns: orNull(histogram),
  connect: orNull(histogram),
  tls: orNull(histogram),
  ttfb: orNull(histogram),
  download: orNull(histogram),
  lag: orNull(histogram),
});

export const shardFacts = object<ShardFacts>({
  index: place,
  count: place,
  agreed: orNull(isoTime),
  clockMs,
  begun: isoTime,
  functions: listOf(text(300), 500),
  distributions,
});

export const shardParts = listOf(
  object<ShardPart>({
    index: place,
    id: identifier,
    start: isoTime,
    seconds: amount,
    requests: count,
    clockMs,
    generator: generatorFigures,
  }),
  MOST_SHARDS,
);
