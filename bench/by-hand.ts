import type { ByHand } from './books.ts'

/** What was done by hand in a dashboard, by what it was done to. Minor units. */
export type Hand = {
  /** By payment: what was given back of it. */
  givenBack: ReadonlyMap<string, number>
  /** Transfers that were taken back whole. */
  takenBack: ReadonlySet<string>
  /** Payments that can no longer be made. */
  calledOff: ReadonlySet<string>
}

export function handOf(byHand: readonly ByHand[]): Hand {
  const givenBack = new Map<string, number>()
  for (const { act, id, amount } of byHand)
    if (act === 'refund' || act === 'part') givenBack.set(id, (givenBack.get(id) ?? 0) + amount)
  const idsOf = (act: ByHand['act']) => new Set(byHand.filter((done) => done.act === act).map(({ id }) => id))
  return { givenBack, takenBack: idsOf('reversal'), calledOff: idsOf('cancel') }
}
