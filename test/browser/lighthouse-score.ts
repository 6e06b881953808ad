/** What Lighthouse looks at, in milliseconds; `cls` has no unit. `siMs` may be what the Speed Index cannot be above. */
export type Seen = { fcpMs: number; siMs: number; lcpMs: number; tbtMs: number; cls: number }

/**
 * How Lighthouse 12 weighs a page on a phone, and which values it calls good (p10: a score of 90) and middling (median: 50):
 * https://github.com/GoogleChrome/lighthouse/blob/v12.0.0/core/config/default-config.js and core/audits/metrics.
 */
const weighed: Record<keyof Seen, { weight: number; p10: number; median: number }> = {
  fcpMs: { weight: 10, p10: 1800, median: 3000 },
  siMs: { weight: 10, p10: 3387, median: 5800 },
  lcpMs: { weight: 25, p10: 2500, median: 4000 },
  tbtMs: { weight: 30, p10: 200, median: 600 },
  cls: { weight: 25, p10: 0.1, median: 0.25 },
}

/** The performance score of Lighthouse, from 0 to 100. */
export const performanceScore = (seen: Seen): number =>
  Math.round(
    Object.entries(weighed).reduce(
      (sum, [name, { weight, ...curve }]) => sum + weight * scoreOf(seen[name as keyof Seen], curve),
      0,
    ),
  )

/** The share of a log-normal curve that is above a value: a tenth is below `p10`, the half below `median`. */
function scoreOf(value: number, { p10, median }: { p10: number; median: number }): number {
  if (value <= 0) return 1
  const inverseErfcOfFifth = 0.9061938024368232
  return (1 - erf((Math.log(value / median) * inverseErfcOfFifth) / -Math.log(p10 / median))) / 2
}

/** Abramowitz and Stegun 7.1.26, as Lighthouse has it. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  const sum = factors.reduce((above, factor) => (above + factor) * t, 0)
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}
