const dayMs = 86_400_000

/** The days that a statement is about, first and last, as dates such as `2026-10-05`. */
export type StatementDays = { firstDay: string; lastDay: string }

/** The date that a moment has where the clocks are so far ahead of UTC. */
export const dayOf = (at: Date, utcOffset: string): string => {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(utcOffset) ?? []
  const aheadMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  return new Date(at.getTime() + aheadMs).toISOString().slice(0, 10)
}

/** When the first of the days begins, and when the last is over: now, if it is not over yet. */
export const momentsOf = ({ firstDay, lastDay }: StatementDays, utcOffset: string): { from: Date; until: Date } => ({
  from: new Date(`${firstDay}T00:00:00${utcOffset}`),
  until: new Date(Math.min(new Date(`${lastDay}T00:00:00${utcOffset}`).getTime() + dayMs, Date.now())),
})
