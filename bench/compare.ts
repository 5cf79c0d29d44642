/** Several generators under the same load, one after the other, again and again. */
import type { Bench, Generator } from "./bench.ts";
import { onCore, startBusyMeter } from "./machine.ts";
import type { Figures, Load } from "./peers/peer.ts";
import { type Measured, measure, sleep } from "./process.ts";
import { ratios, type Series, series } from "./statistics.ts";
import type { Target } from "./target/target.ts";

/** One run of one generator; percentages are of one core. */
export type Sample = Omit<Figures, "remarks"> &
  Pick<Measured, "cpuSeconds" | "peakMb"> & {
    readonly targetCpuSeconds: number | null;
    readonly targetBusyPercent: number | null;
    /** Processor time that neither the generator nor the target used. */
    readonly othersPercent: number | null;
    readonly requestsPerCpuSecond: number | null;
  };

export type Compared = {
  readonly name: string;
  /** One a repetition; `null` where the run failed. */
  readonly samples: readonly (Sample | null)[];
};

export type Comparison = { readonly compared: readonly Compared[]; readonly notes: readonly string[] };

/** Starting and ending a generator takes time too: Locust and k6 need some seconds for 10,000 users. */
const GRACE_S = 60;
const PAUSE_MS = 1000;
/** A run that others disturbed more is repeated; decided by their processor time alone, never by the result. */
const DISTURBED_PERCENT = 20;
const TRIES = 3;

/** Runs A B C A B C ... so that a slow quarter of an hour of the machine hits all of them. */
export const interleave = async (
  bench: Bench,
  generators: readonly Generator[],
  load: Load,
  target: Target,
): Promise<Comparison> => {
  const samples = new Map<string, (Sample | null)[]>(generators.map(({ name }) => [name, []]));
  const notes: string[] = [];
  for (let repetition = 1; repetition <= bench.repetitions; repetition += 1) {
    for (const generator of generators) {
      const { sample, remarks } = await calmest(async () => {
        await sleep(PAUSE_MS);
        const taken = await sampleOf(generator, load, target, bench.scratch);
        bench.log(`${repetition}/${bench.repetitions} ${progressLine(generator.name, taken)}`);
        return taken;
      });
      samples.get(generator.name)?.push(sample);
      notes.push(...remarks.map((remark) => `Repetition ${repetition}: ${remark}`));
    }
  }
  const compared = [...samples].map(([name, taken]) => ({ name, samples: taken }));
  return { compared, notes: [...notes, ...noise(compared)] };
};

/** The values of one key over the repetitions. */
export const over = (compared: Compared, key: keyof Sample): Series | null => series(valuesOf(compared, key));

/** The first generator's value over this one's, pair by pair. */
export const firstOver = (comparison: Comparison, compared: Compared, key: keyof Sample): Series | null => {
  const first = comparison.compared[0];
  return first === undefined ? null : ratios(valuesOf(first, key), valuesOf(compared, key));
};

const valuesOf = ({ samples }: Compared, key: keyof Sample): readonly (number | null)[] =>
  samples.map((sample) => sample?.[key] ?? null);

/** For the chapter's introduction. */
export const CALM_RULE = `A run in which other programs used more than ${DISTURBED_PERCENT} % of a core is repeated up to ${TRIES - 1} times, and the least disturbed one counts.`;

type Taken = {
  readonly sample: Sample | null;
  readonly remarks: readonly string[];
  /** Known of a failed run too. */
  readonly othersPercent: number | null;
};

const calmest = async (take: () => Promise<Taken>): Promise<Taken> => {
  const disturbance = ({ othersPercent }: Taken): number => othersPercent ?? 0;
  let best = await take();
  for (let tries = 1; tries < TRIES && disturbance(best) > DISTURBED_PERCENT; tries += 1) {
    const next = await take();
    if (best.sample === null || (next.sample !== null && disturbance(next) < disturbance(best))) best = next;
  }
  return best;
};

const sampleOf = async (generator: Generator, load: Load, target: Target, scratch: string): Promise<Taken> => {
  const invocation = generator.invoke(load, scratch);
  const busy = startBusyMeter();
  const targetBefore = target.cpuSeconds();
  const measured = await measure(onCore("generator", invocation), load.seconds + GRACE_S);
  const use = usage(measured, difference(target.cpuSeconds(), targetBefore), busy());
  const { othersPercent } = use;
  try {
    if (measured.exitCode === null) throw new Error(`it had not ended ${GRACE_S} s after its time`);
    const { remarks = [], ...figures } = invocation.read(measured.stdout);
    const { requests } = figures;
    const requestsPerCpuSecond = requests === null || use.cpuSeconds === null ? null : requests / use.cpuSeconds;
    return { sample: { ...figures, ...use, requestsPerCpuSecond }, remarks, othersPercent };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const said = measured.stderr.trim().split("\n").at(-1) ?? "";
    const remark = `${generator.name} gave no result: ${reason} ${said}`.slice(0, 300).trim();
    return { sample: null, remarks: [remark], othersPercent };
  }
};

type Usage = Omit<Sample, keyof Figures | "requestsPerCpuSecond">;

const usage = (measured: Measured, targetCpu: number | null, busy: number | null): Usage => {
  const { cpuSeconds, peakMb, wallSeconds } = measured;
  const others = busy === null || cpuSeconds === null ? null : Math.max(0, busy - cpuSeconds - (targetCpu ?? 0));
  return {
    cpuSeconds,
    peakMb,
    targetCpuSeconds: targetCpu,
    targetBusyPercent: targetCpu === null ? null : (100 * targetCpu) / wallSeconds,
    othersPercent: others === null ? null : (100 * others) / wallSeconds,
  };
};

const difference = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before;

/** Says so when somebody else used the machine. */
const noise = (compared: readonly Compared[]): readonly string[] => {
  const others = series(compared.flatMap((one) => valuesOf(one, "othersPercent")));
  if (others === null || others.max < DISTURBED_PERCENT) return [];
  const { median, max } = others;
  return [
    `Noisy: other programs used ${median.toFixed(0)} % of a core in the median run and ${max.toFixed(0)} % in the worst, so absolute values are too low and even the ratios are rough.`,
  ];
};

const progressLine = (name: string, { sample, remarks }: Taken): string => {
  if (sample === null) return remarks.join(" ");
  const { requestsPerSecond, p95, p99, cpuSeconds, peakMb, othersPercent } = sample;
  const text = (value: number | null, digits: number): string => (value === null ? "-" : value.toFixed(digits));
  return `${name}: ${text(requestsPerSecond, 0)}/s, p95 ${text(p95, 2)} ms, p99 ${text(p99, 2)} ms, ${text(cpuSeconds, 1)} CPU-s, ${text(peakMb, 0)} MB, others ${text(othersPercent, 0)} %`;
};
