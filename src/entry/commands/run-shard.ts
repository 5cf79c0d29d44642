import type { Config } from "../../config/config.ts";
import { ExitCode } from "../../errors.ts";
import type { RunIdentity } from "../../gate/gate-contract.ts";
import { runShard, type ShardPorts } from "../../gate/run-shard.ts";
import type { Files } from "../../ports.ts";
import { resultText } from "../../report/json.ts";
import { shardHeadline, shardJson } from "../../report/shard.ts";
import type { Streams } from "../streams.ts";

export type ShardCommand = {
  readonly config: Config;
  readonly identity: RunIdentity;
  readonly out: string;
  readonly json: boolean;
  readonly ports: Omit<ShardPorts, "artifacts"> & { readonly files: Files };
  readonly signal: AbortSignal;
};

/** `swarmgate run --shard 1/4`: sends a part and writes it down; nobody to wait for outside GitHub, and nothing judged. */
export const shardCommand = async (command: ShardCommand, streams: Streams): Promise<ExitCode> => {
  const { config, identity, out, json, ports, signal } = command;
  const { record, measured } = await runShard(config, identity, { ...ports, artifacts: null }, signal);
  await ports.files.write(out, JSON.stringify(record));
  streams.out(
    json ? resultText(shardJson(record, measured, out)) : `${shardHeadline(record, measured)}.\nRun record: ${out}\n`,
  );
  if (signal.aborted) return ExitCode.interrupted;
  return measured ? ExitCode.gateOpen : ExitCode.invalid;
};
