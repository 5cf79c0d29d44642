/**
 * The pipeline, on one page. Every arrow of ARCHITECTURE.md is a line here:
 *
 *   config -> target -> load plan -> engine -> cloud -> run record -> baseline -> judge -> report
 *
 * With a base to be measured beside it: paired-run.ts.
 */
import type { Config } from "../config/config.ts";
import { foreseenTooFew } from "../config/explain.ts";
import type { Problem } from "../errors.ts";
import { emptyLoad } from "../load/empty-load.ts";
import { buildRecord } from "../record/build-record.ts";
import { scrubText } from "../record/scrub.ts";
import { summarise } from "../record/summarise.ts";
import { earlyEnd, runProblems } from "../target/run-validity.ts";
import { millis } from "../units.ts";
import { type AwsSaw, askAws } from "./ask-aws.ts";
import { awaitTarget, rolloutRules } from "./await-target.ts";
import { givenBaseline } from "./baseline-file.ts";
import { findBaseline } from "./find-baseline.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import { foreseenLimits } from "./foresee-limits.ts";
import type { GatePorts, GateResult, RunIdentity } from "./gate-contract.ts";
import { interruptedResult } from "./interrupted.ts";
import { judgeRecords } from "./judge-record.ts";
import { changeDuring, NOTHING_NAMED, observeDeployment } from "./observe-deployment.ts";
import { observeFrontEnd } from "./observe-front-end.ts";
import { planTarget, refuseCost } from "./plan-target.ts";
import { prepareSigning, withSecrets } from "./prepare-signing.ts";
import { withinGrace } from "./within-grace.ts";
import { withoutBaseline } from "./without-baseline.ts";

/** Measures the target and judges it. Throws `UserError` before anything is sent; what happens later is in the result. */
export const runGate = async (
  asked: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> => {
  const doors = { ports, signal };
  ports.log.stage("waiting");
  const file = await givenBaseline(asked, ports);
  const rules = rolloutRules(asked, ports.clock);
  const stack = await findTarget(asked, { sha: identity.git.sha, rules, ...doors });
  const { config } = stack;
  for (const sentence of [...foreseenTooFew(config), ...foreseenLimits(config, file)]) ports.log.warn(sentence);
  const signing = await prepareSigning(config, ports);
  const plan = planTarget(config, identity, signing);
  const { functions, ecs } = stack.problem === null ? config.aws : NOTHING_NAMED;
  const deployment = await observeDeployment({ functions, ecs, plan, rules, ...doors });
  if (stack.problem === null && deployment.problem === null) {
    refuseCost({ config, plan, deployment, file });
    await observeFrontEnd(config.aws, doors);
  }
  const target = await awaitTarget(
    { config, plan, identity, rules, signing, problem: stack.problem ?? deployment.problem },
    doors,
  );
  if (target.kind === "ready") ports.log.stage("load");
  const load =
    target.kind === "ready"
      ? await ports.engine.run(plan, {
          signal,
          onProgress: ports.log.progress,
          onLog: (line) => ports.log.info(scrubText(line, config.secrets)),
          signing: signing?.access ?? null,
        })
      : emptyLoad(plan, ports.clock.now());
  ports.log.stage("aws");
  const changed = target.kind === "ready" ? await changeDuring(deployment, doors) : null;
  const headers = target.kind === "ready" ? target.headers : {};
  const asking = askAws({ config, load, probes: target.probes, headers, deployment, ...doors });
  const saw = (await withinGrace(asking, { grace: AWS_GRACE, clock: ports.clock, signal })) ?? NOT_ASKED;
  const problems = [
    ...listed(changed),
    ...(target.kind === "ready" ? [...runProblems(load, plan), ...listed(earlyEnd(load, plan))] : [target.problem]),
    ...deployment.warnings,
    ...saw.problems,
    ...stack.notes.map(stackNote),
  ];
  ports.log.stage("judge");
  const measured = {
    ...identity,
    config: withSecrets(config, signing),
    plan,
    load,
    cloud: saw.cloud,
    probes: target.probes.length,
  };
  const head = summarise(buildRecord({ ...measured, problems }));
  const { baseline, history } = await findBaseline({
    config,
    head,
    git: identity.git,
    workflow: identity.workflow,
    file,
    ports,
    signal,
  });
  const record = buildRecord({ ...measured, problems: [...problems, ...withoutBaseline(baseline, load, problems)] });
  const result = { record, baseline, history, judgement: judgeRecords(config, baseline, [record]) };
  return signal.aborted ? interruptedResult(result, config) : result;
};

/** After a cancel, for what AWS has told so far. */
const AWS_GRACE = millis(500);
const NOT_ASKED: AwsSaw = { cloud: null, problems: [] };

const listed = (problem: Problem | null): readonly Problem[] => (problem === null ? [] : [problem]);
