/** The part of cliui that `text-layout.ts` uses; the package brings no types of its own. */
declare module "cliui" {
  export type Cell = {
    readonly text: string;
    /** Cells of the terminal, padding included. */
    readonly width: number;
    readonly align: "left" | "right" | "center";
    /** Top, right, bottom, left. */
    readonly padding: readonly [number, number, number, number];
  };
  const cliui: (options: { readonly width: number; readonly wrap?: boolean }) => {
    readonly div: (...cells: readonly Cell[]) => void;
    readonly toString: () => string;
  };
  export default cliui;
}
