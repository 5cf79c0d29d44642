/** One bounded resource: what the rate needs of it and what there is. */
export type HeadroomRow = {
  readonly resource: string;
  readonly needs: number;
  /** `null` where AWS did not say. */
  readonly has: number | null;
  readonly unit: "environments" | "interfaces" | "requests/s" | "requests" | "ms" | "bytes";
  /** `null` where it cannot be told. */
  readonly fits: boolean | null;
  /** Whether going beyond it throttles or fails; provisioned concurrency only makes cold starts. */
  readonly hard: boolean;
  /** `default`: the documented default stands in for what AWS was not asked. */
  readonly from: "aws" | "given" | "default";
};

/** Fits where no more is needed than there is. */
export const row = (
  resource: string,
  unit: HeadroomRow["unit"],
  {
    needs,
    has,
    from = "aws",
  }: { readonly needs: number; readonly has: number | null; readonly from?: HeadroomRow["from"] },
): HeadroomRow => ({ resource, needs, has, unit, fits: has === null ? null : needs <= has, hard: true, from });
