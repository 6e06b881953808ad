import type { Discrepancy, OurBooks, ProviderBooks } from './books.ts'

/**
 * The ledger against itself and against the providers: every movement is two rows that sum to zero, nothing stays on the
 * account of a charge that was distributed or given back, and each connected account holds what was transferred to it.
 */
export function compareLedger(ours: OurBooks, theirs: ProviderBooks): Discrepancy[] {
  const found: Discrepancy[] = []
  const report = (what: string, orderId: string | null, detail: string) =>
    found.push({ verdict: 'unbalanced', what, orderId, detail })

  for (const [key, rows] of Map.groupBy(ours.ledger, ({ correlationKey }) => correlationKey)) {
    const sum = total(rows)
    if (sum !== 0 || rows.length !== 2)
      report('ledger', rows[0]?.orderId ?? null, `${key}: ${rows.length} rows that sum to ${sum}`)
  }

  const balances = new Map(
    [...Map.groupBy(ours.ledger, ({ account }) => account)].map(([name, rows]) => [name, total(rows)]),
  )
  const orders = new Map(ours.orders.map((order) => [order.id, order]))
  for (const charge of ours.charges) {
    const balance = balances.get(`charge:${charge.id}`) ?? 0
    const settled = ['confirmed', 'fulfilled', 'complete', 'cancelled', 'blocked'].includes(
      orders.get(charge.orderId)?.state ?? '',
    )
    if (settled && balance !== 0) report('ledger', charge.orderId, `${balance} stay on the account of ${charge.id}`)
  }

  const paidOut = new Map(
    [...Map.groupBy(theirs.transfers, ({ destination }) => destination)].map(([name, transfers]) => [
      name,
      transfers.reduce((sum, { amount, reversed }) => sum + amount - reversed, 0),
    ]),
  )
  const accounts = new Set([
    ...paidOut.keys(),
    ...[...balances.keys()].filter((name) => name.startsWith('account:')).map((name) => name.slice('account:'.length)),
  ])
  for (const account of accounts) {
    const [booked, paid] = [balances.get(`account:${account}`) ?? 0, paidOut.get(account) ?? 0]
    if (booked !== paid) report('ledger', null, `${account}: ${booked} booked, ${paid} transferred at the provider`)
  }
  return found
}

const total = (rows: readonly { amount: number }[]) => rows.reduce((sum, { amount }) => sum + amount, 0)
