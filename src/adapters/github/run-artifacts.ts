import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArtifactRead, RunArtifact, RunArtifacts, Written } from "../../ports.ts";
import { epochMs } from "../../units.ts";
import { causeOf, uploadArtifact } from "./artifacts.ts";
import { matchesDigest, tooLarge } from "./download.ts";
import { readZipEntry } from "./zip.ts";

const MAX_PACKED = 10 * 1024 * 1024;
const MAX_UNPACKED = 20 * 1024 * 1024;
/** What jobs say to each other is worth nothing the day after. */
const DAYS = 1;

/**
 * Artifacts of this workflow run, by the runtime token that every job has. `temporary` is `RUNNER_TEMP`; `null` is the
 * system's folder.
 */
export const githubRunArtifacts = (temporary: string | null): RunArtifacts => ({
  // Without an attempt: what is there stays there, whoever put it.
  claim: (name, fileName, content) =>
    uploadArtifact({ temporary, runAttempt: null }, name, { name: fileName, content, days: DAYS }),
  list: listArtifacts,
  read: (artifact, fileName) => readArtifact(temporary, artifact, fileName),
});

const listArtifacts = async (): Promise<Written<readonly RunArtifact[]>> => {
  try {
    const client = await artifactClient();
    const { artifacts } = await client.listArtifacts({ latest: true });
    return {
      ok: true,
      value: artifacts.map(({ id, name, size, createdAt, digest }) => ({
        id,
        name,
        bytes: size,
        createdAt: createdAt === undefined ? null : epochMs(createdAt.getTime()),
        digest: digest ?? null,
      })),
    };
  } catch (error) {
    return { ok: false, reason: `the artifacts of this run could not be listed: ${causeOf(error)}` };
  }
};

/** The toolkit would unpack whatever is in it; the archive is kept packed and read with our own bounds. */
const readArtifact = async (
  temporary: string | null,
  { id, bytes, digest }: RunArtifact,
  fileName: string,
): Promise<ArtifactRead> => {
  if (bytes > MAX_PACKED) return { kind: "refused", reason: tooLarge(MAX_PACKED) };
  const folder = await mkdtemp(join(temporary ?? tmpdir(), "swarmgate-"));
  try {
    const client = await artifactClient();
    await client.downloadArtifact(id, { path: folder, skipDecompress: true });
    const [packed] = await readdir(folder);
    if (packed === undefined) return { kind: "absent" };
    const content = await readFile(join(folder, packed));
    if (digest !== null && !matchesDigest(content, digest))
      return { kind: "refused", reason: "its digest is not the one GitHub tells" };
    return readZipEntry(content, fileName, MAX_UNPACKED);
  } catch (error) {
    return { kind: "refused", reason: `it could not be downloaded (${causeOf(error)})` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** 5 MB of code that only jobs with shards need before their end. */
const artifactClient = async () => {
  const { DefaultArtifactClient } = await import("@actions/artifact");
  return new DefaultArtifactClient();
};
