import { sql } from 'kysely'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { elementsOf, type NewRow, statement, textAt } from '../database/statement.ts'
import { bookMovements, insertEntries, toEntries } from '../ledger/ledger.ts'
import { attemptOperation, claimOperations, completeOperations, type OperationSpec } from '../operations/operations.ts'
import { transferAgainOf } from '../operations/purposes.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { SplitLines } from '../splits/calculate-splits.ts'
import { giveBackToSplits } from '../splits/move-splits.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { RefundEntry } from './refund-entry.ts'
import { giveReversalsUp, readReversed } from './reverse-shares.statements.ts'
import { reverseTransfer } from './reverse-shares.ts'
import { returnSunkCosts } from './sunk-costs.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

const readTaken = statement<{ orderId: string; chargeId: string; entryId: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .innerJoin('splits as s', (on) =>
      on
        .on((eb) =>
          eb('l.correlation_key', '=', sql<string>`${eb.ref('s.id')} || '-returned-' || ${$.entryId.typed('text')}`),
        )
        .on('l.account', '=', sql<string>`'charge:' || ${$.chargeId.typed('text')}`),
    )
    .select((eb) => [
      's.id',
      's.recipient',
      'l.amount as share',
      's.reversed_lines as reversedLines',
      eb
        .selectFrom('charge_entries as e')
        .crossJoin((e) => elementsOf(e.ref('e.shares').$notNull(), 't'))
        .select((t) => sql<SplitLines>`${t.ref('t.item')} -> 'lines'`.as('lines'))
        .where('e.id', '=', $.entryId)
        .where((t) => t(textAt(t.ref('t.item'), 'id'), '=', t.ref('s.id')))
        .as('lines'),
    ])
    .where('l.order_id', '=', $.orderId)
    .where('s.charge_id', '=', $.chargeId),
)

const bookRestored = statement<{
  restored: readonly { id: string; share: number; lines: SplitLines }[]
  entries: readonly NewRow<'ledger_entries'>[]
}>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('restored', () => giveBackToSplits($.restored))
    .selectNoFrom(sql.lit(true).as('booked')),
)

/**
 * Gives recipients back in the ledger what a refund took of their shares that failed after it succeeded; exactly that, and once. What was
 * taken from their accounts at the provider is transferred again by {@link giveSharesAgain}.
 */
export async function restoreShares(tx: Transaction, charge: ChargeRow, entry: RefundEntry): Promise<void> {
  const { orderId, currency } = charge
  const taken = await readTaken(tx, { orderId, chargeId: charge.id, entryId: entry.id })
  if (taken.length === 0) return
  await bookRestored(tx, {
    restored: taken.map(({ id, share, lines, reversedLines }) => ({
      id,
      share,
      lines: minusLines(reversedLines, lines ?? {}),
    })),
    entries: toEntries(
      taken.map(({ id, recipient, share }) => ({
        correlationKey: `${id}-restored-${entry.id}`,
        orderId,
        from: `charge:${charge.id}`,
        to: recipient,
        amount: share,
        currency,
      })),
    ),
  })
  await returnSunkCosts(tx, orderId, entry)
  tx.note({
    orderId: charge.orderId,
    kind: 'note',
    subject: 'split',
    subjectId: charge.id,
    to: 'executed',
    cause: 'refund failed',
    detail: { splits: taken.length },
  })
}

function minusLines(before: SplitLines, less: SplitLines): SplitLines {
  const sums = { ...before }
  for (const [line, amount] of Object.entries(less)) sums[line] = (sums[line] ?? 0) - amount
  return sums
}

type Reversed = Awaited<ReturnType<typeof readReversed>>[number]

/**
 * Transfers again what was reversed for a refund that failed, each exactly once. A reversal whose end is not known is finished first, one
 * that was not attempted is never made. Repeating it continues where it stopped.
 */
export async function giveSharesAgain(parts: Parts, orderId: string, entry: RefundEntry): Promise<void> {
  const target = { orderId, chargeId: entry.chargeId }
  const reversals = { ...target, entryId: entry.id }
  const found = await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await giveReversalsUp(tx, reversals)
    return { charge: locked.charge, reversed: await readReversed(tx, reversals) }
  })
  for (const reversal of found.reversed) {
    if (reversal.state === 'complete') continue
    await reverseTransfer(parts, found.charge, entry.id, reversal).catch((error: unknown) => {
      // Then nothing was taken that could be given again.
      if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    })
  }
  const reversed = await inTransaction(parts, (tx) => readReversed(tx, reversals))
  for (const reversal of reversed) if (reversal.state === 'complete') await giveAgain(parts, found.charge, reversal)
}

async function giveAgain(parts: Parts, charge: ChargeRow, reversal: Reversed): Promise<void> {
  const provider = parts.providers.get(charge.provider)
  const transfer = provider?.transfer?.bind(provider)
  if (!provider || !transfer) throw new TaskError('provider_not_configured', { retry: true })
  const { orderId, currency } = charge
  const { amount, destination, splitId, recipient } = reversal
  const spec: OperationSpec = {
    ...transferAgainOf(splitId, reversal.id),
    orderId,
    chargeId: charge.id,
    provider: provider.name,
    amount,
    currency,
    request: { destination, amount },
  }
  const [claim] = await claimOperations(parts, [spec])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  const { reference } = await attemptOperation(parts, operation, ({ id: key, lookUpFirst }) =>
    // What came back from the bank is in the platform's balance; the charge itself has given what it could.
    transfer({
      key,
      orderId,
      amount,
      currency,
      destination,
      providerChargeId: charge.providerChargeId ?? '',
      splitId,
      lookUpFirst,
      fromBalance: true,
    }),
  ).catch((error: unknown) => {
    const early = error instanceof ProviderError && error.code === 'balance_insufficient'
    throw early ? new TaskError('balance_insufficient', { retry: true, cause: error }) : error
  })
  await inTransaction(parts, async (tx) => {
    await completeOperations(tx, [{ operation, reference }])
    const to = `account:${destination}`
    await bookMovements(tx, [{ correlationKey: operation.id, orderId, from: recipient, to, amount, currency }])
  })
}
