import { defineConfig } from "vitest/config";

/**
 * Node 24 crashes now and then where it frees code of WebAssembly (nodejs/node#64500), which Vitest and `fetch` bring.
 * Processes that live for minutes, with hundreds of threads, meet it: theirs is kept.
 */
const execArgv = ["--no-wasm-code-gc"];

const MEASURING = "{bounds,by-hand,counts,open,ramp,stages,stop,timing}";

/** `npm test` runs the fast projects; engine and e2e use real sockets and child processes and are named. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{unit,property,golden,tree}/**/*.test.ts"],
          environment: "node",
          // On a busy machine a property takes its time.
          testTimeout: 60_000,
          // It imports JSON without saying so, which Node refuses and vite does not.
          server: { deps: { inline: ["@actions/workflow-parser"] } },
        },
      },
      {
        test: {
          // What the load measures, and when it does what: one file at a time.
          name: "engine",
          execArgv,
          include: [`test/engine/engine-${MEASURING}.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 30_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // All else over real sockets, adapters and the simulator among it: they wait more than they work.
          name: "services",
          execArgv,
          include: ["test/engine/*.test.ts"],
          exclude: [`test/engine/engine-${MEASURING}.test.ts`],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/browser/chromium-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Three at once: they wait more than they work, and more would disturb each other's measurements.
          maxWorkers: 3,
        },
      },
    ],
  },
});
