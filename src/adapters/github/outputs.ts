import type { Written } from "../../ports.ts";

/** A step's summary beyond this is dropped as a whole by the runner. */
const MAX_SUMMARY = 1024 * 1024;

/** Sets the step's outputs; what has no value is set to an empty text. */
export const setOutputs = async (outputs: Readonly<Record<string, string>>): Promise<void> => {
  const core = await import("@actions/core");
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
};

/** Replaces the step's part of the job summary. */
export const writeSummary = async (markdown: string): Promise<Written<null>> => {
  const size = Buffer.byteLength(markdown);
  if (size > MAX_SUMMARY)
    return { ok: false, reason: `The job summary has ${size} bytes, GitHub shows at most ${MAX_SUMMARY}.` };
  const core = await import("@actions/core");
  try {
    await core.summary.addRaw(markdown, true).write({ overwrite: true });
    return { ok: true, value: null };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `The job summary could not be written: ${cause}` };
  }
};
