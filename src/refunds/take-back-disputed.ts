import { chargeEntryRow, storeChargeEntries } from '../charges/charge-entries.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { bookMovements } from '../ledger/ledger.ts'
import type { Config } from '../platform/config.ts'
import { derivedId } from '../platform/ids.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { RefundEntry } from './refund-entry.ts'
import { reverseShares } from './reverse-shares.ts'

type Parts = UnitOfWork & { providers: PaymentProviders; config: Pick<Config, 'refundBearer'> }
type Target = { orderId: string; disputeId: string }

const readLost = statement<{ disputeId: string }>()((db, $) =>
  db
    .selectFrom('disputes as d')
    .select((d) => [
      'd.charge_id as chargeId',
      'd.amount',
      d
        .selectFrom('charge_entries as e')
        .select((e) => e.fn.coalesce(e.fn.sum<number>('e.amount'), e.lit(0)).as('amount'))
        .whereRef('e.charge_id', '=', 'd.charge_id')
        .where('e.kind', '=', 'dispute')
        .$asScalar()
        .$notNull()
        .as('taken'),
      // What never came of it is not taken by anybody either.
      d
        .selectFrom('ledger_entries as l')
        .select((l) => l.fn.coalesce(l.fn.sum<number>('l.amount'), l.lit(0)).as('amount'))
        .where('l.correlation_key', '=', (l) => l.fn<string>('concat', ['d.charge_id', l.val('-shortfall')]))
        .where('l.amount', '>', 0)
        .$asScalar()
        .$notNull()
        .as('short'),
    ])
    .where('d.id', '=', $.disputeId)
    .where('d.state', '=', 'lost'),
)

const readEntry = statement<{ entryId: string }>()((db, $) =>
  db.selectFrom('charge_entries as e').select(chargeEntryRow).where('e.id', '=', $.entryId),
)

/**
 * Takes the money of a lost dispute from whoever got it, as a refund would: the bank has it already. What the payment has not got any more,
 * because it was refunded before or the bank took more, is the platform's bad debt. Repeating it continues where it stopped.
 */
export async function takeBackDisputed(parts: Parts, target: Target, taskId: string): Promise<void> {
  const planned = await planEntry(parts, target)
  if (planned) await reverseShares(parts, target.orderId, planned)
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}

/** Fixes once what the payment gives and what nobody does, and books both. Returns what its recipients give back, if anything. */
async function planEntry(parts: Parts, { orderId, disputeId }: Target): Promise<RefundEntry | undefined> {
  const entryId = derivedId('chargeRefund', disputeId)
  return inTransaction(parts, async (tx) => {
    const [lost] = await readLost(tx, { disputeId })
    if (!lost) throw new TaskError('dispute_not_lost', { retry: false })
    const locked = await lockCharge(tx, { orderId, chargeId: lost.chargeId })
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    const [known] = await readEntry(tx, { entryId })
    if (known) return known
    const { id, currency, capturedAmount, refundedAmount } = locked.charge
    const amount = Math.min(lost.amount, Math.max(0, capturedAmount - refundedAmount - lost.taken))
    const to = `dispute:${disputeId}`
    await bookMovements(tx, [
      { correlationKey: `${disputeId}-lost`, orderId, from: `charge:${id}`, to, amount, currency },
      {
        correlationKey: `${disputeId}-bad-debt`,
        orderId,
        from: 'cost:bad_debt',
        to,
        amount: lost.amount - amount,
        currency,
      },
      {
        correlationKey: `${disputeId}-shortfall`,
        orderId,
        from: to,
        to: 'cost:shortfall',
        amount: Math.min(lost.short, lost.amount),
        currency,
      },
    ])
    if (amount === 0) return undefined
    await storeChargeEntries(tx, {
      entries: [{ id: entryId, charge_id: id, order_id: orderId, kind: 'dispute', amount, state: 'complete' }],
    })
    return (await readEntry(tx, { entryId }))[0]
  })
}
