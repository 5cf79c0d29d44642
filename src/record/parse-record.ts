import type { Parsed } from "../errors.ts";
import { noOutcomes } from "../load/outcome.ts";
import type { OnceResult } from "../load/result.ts";
import { type DocumentKind, parseDocument } from "./document.ts";
import { readGateFacts } from "./gate-facts.ts";
import {
  answerSigns,
  apartResult,
  generatorHealth,
  latencySummary,
  onceResult,
  outcomeCounts,
  slices,
  taskResults,
  totals,
} from "./load-readers.ts";
import { count, mapOf, object, oneOf, orNull, text } from "./reader.ts";
import { type ImportFacts, RECORD_SCHEMA, type RunRecord } from "./record.ts";
import { baseArm, deploymentNoise, rounds } from "./round-readers.ts";
import { cloudResult, fingerprints, gitFacts, identifier, planFacts, runWindow, validity } from "./run-readers.ts";
import { shardFacts, shardParts } from "./shard-readers.ts";
import { withDefaults } from "./with-defaults.ts";

/**
 * Reads a run record that may come from anywhere: at most 20 MB of text, every problem named with its path, nothing
 * thrown. Fields a later version of the same schema may add are ignored; another schema version is refused.
 * `schemas/run-record.v1.schema.json` says the same and is held to it by test/unit/record/schema.test.ts.
 */
export const parseRecord = (input: string): Parsed<RunRecord> => parseDocument(input, RUN_RECORD);

const NOBODY: OnceResult = { requests: 0, outcomes: noOutcomes(), failedUsers: 0, rows: [] };
const BEFORE_SCENARIOS: Partial<RunRecord> = {
  preWarm: { requests: 0, outcomes: noOutcomes() },
  setup: NOBODY,
  teardown: NOBODY,
};

const RUN_RECORD: DocumentKind<RunRecord> = {
  what: "run record",
  schema: RECORD_SCHEMA,
  read: withDefaults(
    BEFORE_SCENARIOS,
    object<RunRecord>(
      {
        schema: oneOf(RECORD_SCHEMA),
        tool: object<RunRecord["tool"]>({ name: text(200), version: text(200) }),
        id: identifier,
        name: text(200),
        git: gitFacts,
        plan: planFacts,
        fingerprint: fingerprints,
        imported: object<ImportFacts>({ format: text(200), lacks: mapOf(text(500), 100) }),
        window: runWindow,
        totals,
        response: latencySummary,
        service: latencySummary,
        tasks: taskResults,
        slices,
        generator: generatorHealth,
        signs: answerSigns,
        shard: shardFacts,
        shards: shardParts,
        warmUp: object<RunRecord["warmUp"]>({ requests: count, probes: count, outcomes: outcomeCounts }),
        preWarm: apartResult,
        setup: onceResult,
        teardown: onceResult,
        gate: readGateFacts,
        cloud: orNull(cloudResult),
        validity,
        rounds,
        baseArm,
        deployment: deploymentNoise,
      },
      {
        signs: undefined,
        gate: undefined,
        imported: undefined,
        rounds: undefined,
        baseArm: undefined,
        deployment: undefined,
        shard: undefined,
        shards: undefined,
      },
    ),
  ),
};
