import fc from "fast-check";
import { expect, test } from "vitest";
import { zipOf } from "../../simulator/zip.ts";
import { readZipEntry } from "../../src/adapters/github/zip.ts";

test("an archive of any bytes, or with any byte changed, is an answer and never more than the bound", () => {
  const good = zipOf({ "run.json": "x".repeat(200), other: "y" });
  const changed = fc
    .tuple(fc.nat(good.length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.from(good).fill(byte, at, at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), changed), (archive) => {
      const entry = readZipEntry(archive, "run.json", 1_000);
      if (entry.kind === "bytes") expect(entry.bytes.length).toBeLessThanOrEqual(1_000);
      if (entry.kind === "refused") expect(entry.reason).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});
