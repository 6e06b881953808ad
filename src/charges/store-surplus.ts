import { sql } from 'kysely'
import { insertRows, type NewRow, scalar, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { derivedId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { insertChargeEntries, type NewChargeEntry } from './charge-entries.ts'
import type { ChargeRow } from './charge-row.ts'

const readBooked = statement<{ id: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select((c) => [
      'c.method',
      'c.captured_amount as captured',
      scalar(
        c
          .selectFrom('charges as s')
          .select((s) => s.fn.coalesce(s.fn.sum<number>('s.captured_amount'), sql.lit(0)).as('amount'))
          .whereRef('s.surplus_of', '=', 'c.id'),
      ).as('surplus'),
    ])
    .where('c.id', '=', $.id),
)

type Surplus = {
  charge: NewRow<'charges'>
  entries: readonly NewRow<'ledger_entries'>[]
  refunds: readonly NewChargeEntry[]
}

const store = statement<Surplus>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('returning', () => insertChargeEntries($.refunds))
    .with('stored', () => insertRows('charges', $.charge))
    .selectNoFrom(sql.lit(1).as('stored')),
)

/**
 * Books what came of a payment beyond what the books hold of it, as a charge of its own that nobody asked for and that is to go back, with
 * the refund that gives it back. `arrived` is all that came, in minor units. Returns that charge with its amount, or undefined where nothing more came.
 */
export async function storeSurplus(
  tx: Transaction,
  charge: ChargeRow,
  arrived: number,
): Promise<{ id: string; amount: number } | undefined> {
  const [booked] = await readBooked(tx, { id: charge.id })
  const amount = booked ? arrived - booked.captured - booked.surplus : 0
  if (!booked || amount <= 0) return undefined
  const { orderId, provider, currency } = charge
  const id = derivedId('charge', charge.id, 'surplus', arrived)
  await store(tx, {
    charge: {
      id,
      order_id: orderId,
      method: booked.method,
      provider,
      currency,
      amount,
      state: 'complete',
      state_transitions: { complete: new Date().toISOString() },
      captured_amount: amount,
      surplus_of: charge.id,
    },
    entries: toEntries([
      {
        correlationKey: `${id}-capture`,
        orderId,
        from: `provider:${provider}`,
        to: `charge:${id}`,
        amount,
        currency,
      },
    ]),
    // At once, so that nobody takes it for money of the order.
    refunds: [
      {
        id: derivedId('chargeRefund', id, 'late', 1),
        charge_id: id,
        order_id: orderId,
        kind: 'refund',
        amount,
        state: 'pending',
      },
    ],
  })
  return { id, amount }
}
