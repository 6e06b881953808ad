import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { insertLedgerSql, toLedgerRows } from '../ledger/ledger.ts'
import { attemptOperation, claimOperations, completeOperations, type OperationSpec } from '../operations/operations.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { SplitLines } from '../splits/calculate-splits.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { RefundEntry } from './refund-entry.ts'
import { type Reversal, reversalEntrySql, reverseTransfer } from './reverse-shares.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type Restored = { id: string; recipient: string; share: number; lines: SplitLines | null }

/**
 * Gives recipients back in the ledger what a refund took of their shares that failed after it succeeded; exactly that, and once. What was
 * taken from their accounts at the provider is transferred again by {@link giveSharesAgain}.
 */
export async function restoreShares(tx: Transaction, charge: ChargeRow, entry: RefundEntry): Promise<void> {
  const taken = await tx.sql<Restored & { reversedLines: SplitLines }>(
    `select s.id, s.recipient, l.amount as share, s.reversed_lines as "reversedLines",
       (select t -> 'lines' from charge_entries e, jsonb_array_elements(e.shares) t where e.id = $2 and t ->> 'id' = s.id) as lines
     from ledger_entries l join splits s on l.correlation_key = s.id || '-returned-' || $2 and l.account = 'charge:' || $1::text
     where l.order_id = $3 and s.charge_id = $1`,
    [charge.id, entry.id, charge.orderId],
  )
  if (taken.length === 0) return
  await tx.sql(
    `with entered as (${insertLedgerSql('$2')})
     update splits s set reversed_amount = s.reversed_amount - d.share, reversed_lines = d.lines, updated_at = now(),
       state = case when s.state <> 'reversed' then s.state when s.settlement_reference is null then 'executed' else 'settled' end
     from jsonb_to_recordset($1::jsonb) as d(id text, share bigint, lines jsonb) where s.id = d.id`,
    [
      JSON.stringify(
        taken.map(({ id, share, lines, reversedLines }) => ({
          id,
          share,
          lines: minusLines(reversedLines, lines ?? {}),
        })),
      ),
      toLedgerRows(
        taken.map(({ id, recipient, share }) => ({
          correlationKey: `${id}-restored-${entry.id}`,
          orderId: charge.orderId,
          from: `charge:${charge.id}`,
          to: recipient,
          amount: share,
          currency: charge.currency,
        })),
      ),
    ],
  )
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

type Reversed = Reversal & { id: string; state: string; attempts: number; splitId: string }

/**
 * Transfers again what was reversed for a refund that failed, each exactly once. A reversal whose end is not known is finished first, one
 * that was not attempted is never made. Repeating it continues where it stopped.
 */
export async function giveSharesAgain(parts: Parts, orderId: string, entry: RefundEntry): Promise<void> {
  const target = { orderId, chargeId: entry.chargeId }
  const found = await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await tx.sql(
      `update operations o set state = 'failed', failure_code = 'superseded', completed_at = now()
       where o.order_id = $1 and o.charge_id = $2 and ${reversalEntrySql('o')} = $3 and o.kind = 'transfer_reversal'
         and o.state = 'pending' and o.attempts = 0`,
      [orderId, entry.chargeId, entry.id],
    )
    return { charge: locked.charge, reversed: await readReversed(tx, entry, orderId) }
  })
  for (const reversal of found.reversed) {
    if (reversal.state === 'complete') continue
    await reverseTransfer(parts, found.charge, reversal).catch((error: unknown) => {
      // Then nothing was taken that could be given again.
      if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    })
  }
  const reversed = await inTransaction(parts, (tx) => readReversed(tx, entry, orderId))
  for (const reversal of reversed) if (reversal.state === 'complete') await giveAgain(parts, found.charge, reversal)
}

const readReversed = (tx: Transaction, entry: RefundEntry, orderId: string) =>
  tx.sql<Reversed>(
    `select o.id, o.state, o.attempts, split_part(o.purpose, '-refused-', 1) as purpose, o.amount, t.provider_reference as transfer,
       s.id as "splitId", s.recipient, s.destination
     from operations o
     join operations t on t.id = split_part(o.purpose, '-reversal-', 1)
     join splits s on s.id = split_part(t.purpose, '-transfer', 1)
     where o.order_id = $1 and o.charge_id = $2 and o.kind = 'transfer_reversal' and ${reversalEntrySql('o')} = $3 and o.state <> 'failed'`,
    [orderId, entry.chargeId, entry.id],
  )

async function giveAgain(parts: Parts, charge: ChargeRow, reversal: Reversed): Promise<void> {
  const provider = parts.providers.get(charge.provider)
  const transfer = provider?.transfer?.bind(provider)
  if (!provider || !transfer) throw new TaskError('provider_not_configured', { retry: true })
  const { orderId, currency } = charge
  const { amount, destination, splitId, recipient } = reversal
  const spec: OperationSpec = {
    purpose: `${splitId}-transfer-again-${reversal.id}`,
    orderId,
    chargeId: charge.id,
    kind: 'transfer',
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
    await tx.sql(insertLedgerSql('$1'), [
      toLedgerRows([
        { correlationKey: operation.id, orderId, from: recipient, to: `account:${destination}`, amount, currency },
      ]),
    ])
  })
}
