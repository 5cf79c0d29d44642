/** The functions of one simulator, each with its two faces. */
import type { FunctionUrls } from "./control-contract.ts";
import type { DueQueue } from "./due-queue.ts";
import { openFace } from "./faces.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { LocalServer } from "./local-server.ts";

type Open = { readonly target: LambdaFunction; readonly url: LocalServer; readonly rest: LocalServer };

export class FunctionRegistry {
  readonly #due: DueQueue;
  readonly #seed: number;
  readonly #open = new Map<string, Promise<Open>>();
  readonly #ready = new Map<string, Open>();

  constructor(due: DueQueue, seed: number) {
    this.#due = due;
    this.#seed = seed;
  }

  /** Makes sure the function exists and its faces listen. */
  async open(name: string): Promise<void> {
    const opening = this.#open.get(name) ?? this.#start(name);
    this.#open.set(name, opening);
    this.#ready.set(name, await opening);
  }

  get(name: string): LambdaFunction | undefined {
    return this.#ready.get(name)?.target;
  }

  all(): readonly LambdaFunction[] {
    return [...this.#ready.values()].map(({ target }) => target);
  }

  urls(name: string): FunctionUrls | undefined {
    const open = this.#ready.get(name);
    return open === undefined ? undefined : { functionUrl: open.url.url, restUrl: open.rest.url };
  }

  async close(): Promise<void> {
    const faces = [...this.#ready.values()].flatMap(({ url, rest }) => [url, rest]);
    await Promise.all(faces.map((face) => face.close()));
  }

  async #start(name: string): Promise<Open> {
    const target = new LambdaFunction(name, this.#seed);
    const url = await openFace(target, "function-url", this.#due);
    const rest = await openFace(target, "rest", this.#due);
    return { target, url, rest };
  }
}
