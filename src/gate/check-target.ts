import type { Config } from "../config/config.ts";
import { type Finding, fail, ok, warn } from "../config/finding.ts";
import { NEVER_SENT } from "../config/hosts.ts";
import type { Clock, Probe } from "../ports.ts";
import { causeText, durationText, hintOf, shownUrl } from "../target/not-ready.ts";
import { judgeProbe } from "../target/readiness.ts";
import { readyUrl } from "../target/ready-rules.ts";
import { millis } from "../units.ts";

const CHECK = "target";
const PROBE_TIMEOUT = millis(10_000);

/** One request to the ready path. The commit is not asked for: here nobody deploys. */
export const checkTarget = async (
  { target, load }: Pick<Config, "target" | "load">,
  { probe, clock }: { readonly probe: Probe; readonly clock: Clock },
): Promise<Finding> => {
  if (target.url === null)
    return warn(CHECK, "No URL is known here, so none was tried.", "Give --url URL, or --stack-name NAME.");
  const url = readyUrl(target.url, target.readyPath);
  const begun = clock.now();
  const answer = await probe({ url, headers: target.headers, insecure: load.insecure, timeout: PROBE_TIMEOUT });
  const took = durationText(millis(clock.now() - begun));
  if (answer.kind === "forbidden") return fail(CHECK, `${answer.text}.`, NEVER_SENT);
  const reason = judgeProbe({ status: target.readyStatus, commit: null }, answer);
  if (reason !== null) return fail(CHECK, `${shownUrl(url)} is not ready: ${causeText(reason)}.`, hintOf(reason));
  const status = answer.kind === "answer" ? ` with status ${answer.status}` : "";
  return ok(CHECK, `${shownUrl(url)} answers${status} after ${took}.`);
};
