/** The functions of one simulator, each with its faces, and the account they are in. */
import { Account } from "./aws/account.ts";
import type { FunctionUrls } from "./control-contract.ts";
import type { DueQueue } from "./due-queue.ts";
import { openFace } from "./faces.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { FaceName } from "./ledger.ts";
import type { LocalServer } from "./local-server.ts";

type Open = { readonly target: LambdaFunction; readonly faces: Readonly<Record<FaceName, LocalServer>> };

export class FunctionRegistry {
  readonly account = new Account(() => this.#all);
  readonly #due: DueQueue;
  readonly #seed: number;
  readonly #open = new Map<string, Promise<Open>>();
  readonly #ready = new Map<string, Open>();
  /** Kept apart: the account looks at it for every request. */
  #all: readonly LambdaFunction[] = [];

  constructor(due: DueQueue, seed: number) {
    this.#due = due;
    this.#seed = seed;
  }

  /** Makes sure the function exists and its faces listen. */
  async open(name: string): Promise<void> {
    const opening = this.#open.get(name) ?? this.#start(name);
    this.#open.set(name, opening);
    this.#ready.set(name, await opening);
    this.#all = [...this.#ready.values()].map(({ target }) => target);
  }

  get(name: string): LambdaFunction | undefined {
    return this.#ready.get(name)?.target;
  }

  /** All functions, or none where a call was signed for another region than the account's. */
  inRegion(region: string | null): readonly LambdaFunction[] {
    return this.isHere(region) ? this.#all : [];
  }

  isHere(region: string | null): boolean {
    const home = this.account.settings.region;
    return home === null || region === null || home === region;
  }

  urls(name: string): FunctionUrls | undefined {
    const faces = this.#ready.get(name)?.faces;
    if (faces === undefined) return undefined;
    return {
      functionUrl: faces["function-url"].url,
      restUrl: faces.rest.url,
      httpUrl: faces.http.url,
      albUrl: faces.alb.url,
      cloudfrontUrl: faces.cloudfront.url,
    };
  }

  async close(): Promise<void> {
    const faces = [...this.#ready.values()].flatMap((open) => Object.values(open.faces));
    await Promise.all(faces.map((face) => face.close()));
  }

  async #start(name: string): Promise<Open> {
    const target = new LambdaFunction(name, this.#seed, this.account);
    const open = (face: FaceName): Promise<LocalServer> => openFace(target, face, this.#due);
    return {
      target,
      faces: {
        "function-url": await open("function-url"),
        rest: await open("rest"),
        http: await open("http"),
        alb: await open("alb"),
        cloudfront: await open("cloudfront"),
      },
    };
  }
}
