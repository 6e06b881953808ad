import { sql } from 'kysely'
import { forgetCosts, keepCosts } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import type { SunkCost } from '../charges/sunk-cost.ts'
import { statement } from '../database/statement.ts'
import { costKeyOf } from '../goods/book-cost.ts'
import { bookMovements } from '../ledger/ledger.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'
import type { RefundBearer } from '../platform/config.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { RefundEntry } from './refund-entry.ts'

/** What of a split a refund takes back. */
type TakenSplit = {
  split: { id: string; kind: string; sellerId: string | null; recipient: string }
  share: number
}

// What carriers and printers were paid for goods of an order that were not called off, by seller.
const readSpent = statement<{ orderId: string; currency: string }>()((db, $) =>
  db
    .selectFrom('shipments as s')
    .innerJoin('ledger_entries as l', (on) =>
      on
        .onRef('l.order_id', '=', 's.order_id')
        .on((eb) => eb('l.correlation_key', '=', costKeyOf({ id: eb.ref('s.id'), nth: eb.ref('s.nth') })))
        .on((eb) => eb('l.account', '=', sql<string>`'cost:' || ${eb.ref('s.provider')}`)),
    )
    .select((s) => ['s.seller_id as sellerId', s.fn.sum<number>('l.amount').as('amount')])
    .where('s.order_id', '=', $.orderId)
    .where('s.state', '<>', 'cancelled')
    .where('l.currency', '=', $.currency)
    .groupBy('s.seller_id'),
)

// What sellers have borne of that already, by the split that it was given back to.
const readBorne = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .select((l) => [
      sql<string>`split_part(${l.ref('l.correlation_key')}, '-borne-', 1)`.as('splitId'),
      l.fn.sum<number>('l.amount').as('amount'),
    ])
    .where('l.order_id', '=', $.orderId)
    .where('l.account', '=', 'platform:fulfilment')
    .where('l.correlation_key', 'like', '%-borne-%')
    .groupBy(sql`1`),
)

/**
 * Says of what a refund takes back from the platform's fee and fulfilment accounts what has been spent for good, and lets its bearer pay it:
 * a merchant gives that in the ledger, where its balance may become negative. It stands on the entry of the refund. Returns the merchants that paid.
 */
export async function bookSunkCosts(
  tx: Transaction,
  bearer: RefundBearer,
  charge: ChargeRow,
  entry: RefundEntry,
  taken: readonly TakenSplit[],
): Promise<string[]> {
  const { orderId, currency } = charge
  const spent = taken.some(({ split }) => split.kind === 'fulfilment')
    ? new Map((await readSpent(tx, { orderId, currency })).map(({ sellerId, amount }) => [sellerId, amount]))
    : new Map<string, number>()
  const borne = spent.size > 0 ? await readBorne(tx, { orderId }) : []
  const costs = taken.flatMap(({ split, share }): { split: TakenSplit['split']; cost: SunkCost }[] => {
    const { id, kind, sellerId: merchantId } = split
    if (merchantId === null || (kind !== 'provider_fee' && kind !== 'fulfilment')) return []
    const left = (spent.get(merchantId) ?? 0) - (borne.find(({ splitId }) => splitId === id)?.amount ?? 0)
    const amount = kind === 'provider_fee' ? share : Math.min(share, Math.max(0, left))
    return amount > 0 ? [{ split, cost: { kind, merchantId, amount, bearer } }] : []
  })
  if (costs.length === 0) return []
  await keepCosts(tx, { entryId: entry.id, costs: costs.map(({ cost }) => cost) })
  if (bearer === 'platform') return []
  await bookMovements(
    tx,
    costs.map(({ split, cost: { merchantId, amount } }) => ({
      correlationKey: `${split.id}-borne-${entry.id}`,
      orderId,
      from: merchantAccount(merchantId),
      to: split.recipient,
      amount,
      currency,
    })),
  )
  return [...new Set(costs.map(({ cost }) => cost.merchantId))]
}

const readBorneFor = statement<{ orderId: string; entryId: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .select(['l.correlation_key as correlationKey', 'l.account', 'l.amount', 'l.currency'])
    .where('l.order_id', '=', $.orderId)
    .where((l) => sql<boolean>`${l.ref('l.correlation_key')} like '%-borne-' || ${$.entryId.typed('text')}`),
)

/** Gives merchants back what they bore for a refund that failed after it succeeded. */
export async function returnSunkCosts(tx: Transaction, orderId: string, entry: RefundEntry): Promise<void> {
  const rows = await readBorneFor(tx, { orderId, entryId: entry.id })
  const gave = rows.filter(({ amount }) => amount < 0)
  await bookMovements(
    tx,
    gave.flatMap(({ correlationKey, account, amount, currency }) => {
      const got = rows.find((row) => row.correlationKey === correlationKey && row.amount > 0)
      if (!got) return []
      const back = { correlationKey: `${correlationKey}-returned`, orderId, currency }
      return [{ ...back, from: got.account, to: account, amount: -amount }]
    }),
  )
  await forgetCosts(tx, { entryId: entry.id })
}
