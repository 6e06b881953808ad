import { sql } from 'kysely'
import { type NewRow, now, rowsOf, statement } from '../database/statement.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import type { Config } from '../platform/config.ts'
import type { BankLineKind } from '../providers/bank-line.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { feeDifferences } from './fee-differences.ts'

const atOnce = 500

/** Open lines with what of ours they are about, oldest first; those that another process is entering are passed over. */
const claimOpen = statement<{ after: string }>()((db, $) =>
  db
    .selectFrom('bank_lines as l')
    .leftJoinLateral(
      // A statement names a payment as its provider does, or by our own ids, of which an order's may have several payments.
      (eb) =>
        eb
          .selectFrom('charges')
          .select(['charges.id', 'charges.order_id'])
          .whereRef('charges.provider', '=', 'l.provider')
          .where('l.kind', 'in', ['charge', 'refund'])
          .where((c) =>
            c.or([
              c('charges.provider_charge_id', '=', c.ref('l.source')),
              c('charges.provider_reference', '=', c.ref('l.source')),
              c('charges.id', '=', c.ref('l.source')),
              c('charges.order_id', '=', c.ref('l.source')),
            ]),
          )
          .orderBy('charges.captured_amount', 'desc')
          .orderBy('charges.id')
          .limit(1)
          .as('c'),
      (on) => on.onTrue(),
    )
    .leftJoin('operations as o', (on) =>
      on
        .on((eb) =>
          eb.or([
            eb('o.id', '=', eb.ref('l.operation_id')),
            eb.and([eb('l.operation_id', 'is', null), eb('o.provider_reference', '=', eb.ref('l.source'))]),
            eb.and([eb('l.operation_id', 'is', null), eb('o.id', '=', eb.ref('l.source'))]),
            // A refund that its provider tells by its payment.
            eb.and([
              eb('l.kind', '=', 'refund'),
              eb('o.kind', '=', 'refund'),
              eb('o.charge_id', '=', eb.ref('c.id')),
              eb('o.amount', '=', sql<number>`-${eb.ref('l.amount')}`),
            ]),
          ]),
        )
        .onRef('o.provider', '=', 'l.provider')
        .on('o.state', '=', 'complete')
        .on('o.kind', 'in', ['refund', 'transfer', 'transfer_reversal'])
        .on('l.kind', 'in', ['refund', 'refund_failure', 'transfer', 'reversal']),
    )
    .leftJoin('disputes as d', (on) =>
      on
        .onRef('d.provider_reference', '=', 'l.source')
        .onRef('d.provider', '=', 'l.provider')
        .on('l.kind', '=', 'dispute'),
    )
    .select((l) => [
      'l.id',
      'l.provider',
      'l.kind',
      'l.amount',
      'l.fee',
      'l.currency',
      'c.id as chargeId',
      'o.id as operationId',
      'd.id as disputeId',
      l.fn.coalesce('c.order_id', 'o.order_id', 'd.order_id').as('orderId'),
    ])
    .where('l.booked_at', 'is', null)
    .where('l.id', '>', $.after)
    .orderBy('l.id')
    .limit(atOnce)
    .forUpdate('l')
    .skipLocked(),
)

type OpenLine = Awaited<ReturnType<typeof claimOpen>>[number]

type Found = {
  id: string
  order_id: string | null
  charge_id: string | null
  operation_id: string | null
  dispute_id: string | null
}

const book = statement<{ lines: readonly Found[]; entries: readonly NewRow<'ledger_entries'>[] }>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .updateTable('bank_lines as l')
    .from(
      rowsOf($.lines, 'f', {
        id: 'text',
        order_id: 'text',
        charge_id: 'text',
        operation_id: 'text',
        dispute_id: 'text',
      }),
    )
    .set((l) => ({
      order_id: l.ref('f.order_id'),
      charge_id: l.ref('f.charge_id'),
      operation_id: l.ref('f.operation_id'),
      dispute_id: l.ref('f.dispute_id'),
      booked_at: now,
    }))
    .whereRef('l.id', '=', 'f.id'),
)

/**
 * Finds for every open line of the providers' books what of ours it is about, and enters what only the line tells: what the provider kept,
 * what a dispute took or gave back, what was paid out to the platform's own bank. Returns how many lines stay open, because nothing of ours
 * is known that they are about.
 */
export async function bookBankLines(parts: UnitOfWork & { config: Pick<Config, 'providerFee'> }): Promise<number> {
  let open = 0
  for (let after = ''; ; ) {
    const lines = await inTransaction(parts, async (tx) => {
      const claimed = await claimOpen(tx, { after })
      const known = claimed.filter(isKnown)
      const differences = parts.config.providerFee === 'pass_through' ? await feeDifferences(tx, ofCharges(known)) : []
      if (known.length > 0)
        await book(tx, {
          lines: known.map(toFound),
          entries: toEntries([...known.flatMap(movementsOf), ...differences]),
        })
      open += claimed.length - known.length
      return claimed
    })
    const last = lines.at(-1)
    if (!last || lines.length < atOnce) return open
    after = last.id
  }
}

const ofCharges = (lines: readonly OpenLine[]) =>
  lines.flatMap(({ kind, chargeId, ...line }) =>
    kind === 'charge' && chargeId !== null ? [{ ...line, chargeId }] : [],
  )

const isKnown = ({ kind, chargeId, operationId, disputeId }: OpenLine): boolean => {
  switch (kind) {
    case 'charge':
      return chargeId !== null
    case 'refund':
    case 'refund_failure':
    case 'transfer':
    case 'reversal':
      return operationId !== null
    case 'dispute':
      return disputeId !== null
    case 'fee':
    case 'payout':
      return true
    case 'other':
      return false
  }
}

const toFound = ({ id, orderId, chargeId, operationId, disputeId }: OpenLine): Found => ({
  id,
  order_id: orderId,
  charge_id: chargeId,
  operation_id: operationId,
  dispute_id: disputeId,
})

/** Where the money of lines comes from that nothing else enters. */
const accountOf: Partial<Record<BankLineKind, (line: OpenLine) => string>> = {
  dispute: ({ disputeId }) => `dispute:${disputeId}`,
  fee: () => 'cost:provider_fee',
  payout: ({ provider }) => `bank:${provider}`,
}

function movementsOf(line: OpenLine): Movement[] {
  const { id, kind, orderId, provider, amount, fee, currency } = line
  const to = `provider:${provider}`
  const from = accountOf[kind]?.(line)
  return [
    ...(from ? [{ correlationKey: id, orderId, from, to, amount: -amount, currency }] : []),
    {
      correlationKey: `${id}-fee`,
      orderId,
      from: kind === 'dispute' ? 'cost:dispute_fee' : 'cost:provider_fee',
      to,
      amount: fee,
      currency,
    },
  ]
}
