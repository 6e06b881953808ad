/** So many rows are removed in one transaction: it holds locks for a moment, and other transactions come between. */
export const purgedAtOnce = 5_000

const dayMs = 86_400_000

/** The moment so many days ago. */
export const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs)

/** Removes what is old, {@link purgedAtOnce} rows at a time, until none is left: a shop must not grow faster than it forgets. Returns how many went. */
export async function purgeOld(removeSome: () => Promise<readonly { removed: number }[]>): Promise<number> {
  let all = 0
  for (;;) {
    const [some] = await removeSome()
    all += some?.removed ?? 0
    if (!some || some.removed < purgedAtOnce) return all
  }
}
