/** A standard deviation of logs that was measured, and on how many degrees of freedom it rests. */
export type MeasuredSd = { readonly sd: number; readonly df: number };

/**
 * What `calibrate` measured of one target by A/A rounds, by metric id; it replaces the documented priors where it says
 * something. All standard deviations are of the natural log.
 */
export type NoiseFloor = Readonly<
  Record<
    string,
    {
      /** Between runs of the same code: stands in for the spread of a short history. */
      readonly runToRun: MeasuredSd | null;
      /** Of one deployment of the same code: what interleaved rounds cannot cancel. */
      readonly deployment: MeasuredSd | null;
    }
  >
>;
