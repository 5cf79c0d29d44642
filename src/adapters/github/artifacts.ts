import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Written } from "../../ports.ts";

export type UploadContext = {
  /** `RUNNER_TEMP`, or the system's folder for temporary files. */
  readonly temporary: string | null;
  /** From the second attempt on, an artifact of the first may hold the name. */
  readonly runAttempt: number | null;
};

/** Stores one file as an artifact of this run. Names are unique within a run; a name that is taken is said. */
export const uploadArtifact = async (
  context: UploadContext,
  name: string,
  file: { readonly name: string; readonly content: string; readonly days?: number },
): Promise<Written<{ readonly id: number }>> => {
  // 5 MB of code that no run needs before its end.
  const { DefaultArtifactClient } = await import("@actions/artifact");
  const client = new DefaultArtifactClient();
  const folder = await mkdtemp(join(context.temporary ?? tmpdir(), "swarmgate-"));
  const path = join(folder, file.name);
  const upload = async (): Promise<Written<{ readonly id: number }>> => {
    const { id } = await client.uploadArtifact(name, [path], folder, { retentionDays: file.days ?? KEPT });
    return id === undefined ? notStored(name, "GitHub gave it no id") : { ok: true, value: { id } };
  };
  try {
    await writeFile(path, file.content);
    return await upload().catch(async (error: unknown) => {
      if (isTaken(error) && (context.runAttempt ?? 1) < 2) throw error;
      if (isTaken(error)) await client.deleteArtifact(name);
      else await setTimeout(PAUSE_MS);
      return await upload().catch((second: unknown) => {
        throw isTaken(error) ? second : error;
      });
    });
  } catch (error) {
    return isTaken(error) ? taken(name) : notStored(name, causeOf(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The toolkit repeats its calls itself, but its storage's client gives up at a 502. */
const PAUSE_MS = 1_000;
/** As long as the repository keeps artifacts. */
const KEPT = 0;

/** The Results service answers 409; the toolkit puts the number into its message only. */
const isTaken = (error: unknown): boolean => /\(409\)|already exists/i.test(causeOf(error));

const taken = (name: string): Written<never> => ({
  ok: false,
  code: "artifact-name-taken",
  reason: `This run has an artifact ${name} already: give each job that uses swarmgate its own name.`,
});

const notStored = (name: string, cause: string): Written<never> => ({
  ok: false,
  code: "artifact-not-stored",
  reason: `The artifact ${name} could not be stored: ${cause}.`,
});

export const causeOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").slice(0, 300);
