import { sql } from 'kysely'
import { db, type NewRow, now, rowsOf, statement } from '../database/statement.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import type { Config } from '../platform/config.ts'
import type { BankLineKind } from '../providers/bank-line.ts'
import type { ProviderName } from '../providers/registry.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { feeDifferences } from './fee-differences.ts'

const atOnce = 500

const lineProvider = sql<ProviderName>`l.provider`
const lineSource = sql<string>`l.source`

/**
 * Payments that a line `l` names by this column. Each is asked for by itself, and the provider afterwards, so that each is found by the index
 * of its column, also while Postgres has not counted what is in the table.
 */
const chargesBy = (column: 'id' | 'order_id' | 'provider_reference' | 'provider_charge_id') =>
  db.selectFrom('charges').select(['id', 'order_id', 'captured_amount', 'provider']).where(column, '=', lineSource)

/** A statement names a payment as its provider does, or by our own ids, of which an order's may have several payments. */
const chargeOfLine = db
  .selectFrom(
    chargesBy('provider_charge_id')
      .unionAll(chargesBy('provider_reference').where('provider', '=', lineProvider))
      .unionAll(chargesBy('id'))
      .unionAll(chargesBy('order_id'))
      .as('named'),
  )
  .select(['id', 'order_id', 'provider'])
  .where(sql<boolean>`l.kind in ('charge', 'refund')`)
  .orderBy(sql`provider = l.provider`, 'desc')
  .orderBy('captured_amount', 'desc')
  .orderBy('id')
  .limit(1)

const operations = db
  .selectFrom('operations')
  .select(['id', 'order_id'])
  .where('provider', '=', lineProvider)
  .where('state', '=', 'complete')
  .where('kind', 'in', ['refund', 'transfer', 'transfer_reversal'])

/** What moved the money of a line: our operation as the provider tells it, or the refund of that payment with that amount. */
const operationOfLine = db
  .selectFrom(
    operations
      .where('id', '=', sql<string>`coalesce(l.operation_id, l.source)`)
      .unionAll(operations.where('provider_reference', '=', lineSource).where(sql<boolean>`l.operation_id is null`))
      .unionAll(
        operations
          .where('kind', '=', 'refund')
          .where('charge_id', '=', sql<string>`c.id`)
          .where('amount', '=', sql<number>`-l.amount`)
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('bank_lines as b').select('b.id').whereRef('b.operation_id', '=', 'operations.id'))),
          ),
      )
      .as('named'),
  )
  .select(['id', 'order_id'])
  .where(sql<boolean>`l.kind in ('refund', 'refund_failure', 'transfer', 'reversal')`)
  .limit(1)

/** Open lines with what of ours they are about, oldest first; those that another process is entering are passed over. */
const claimOpen = statement<{ after: string }>()((db, $) =>
  db
    // By itself, so that nothing is looked up for those that are not among the first.
    .with('claimed', (claimed) =>
      claimed
        .selectFrom('bank_lines')
        .selectAll()
        .where('booked_at', 'is', null)
        .where('id', '>', $.after)
        .orderBy('id')
        .limit(atOnce)
        .forUpdate()
        .skipLocked(),
    )
    .selectFrom('claimed as l')
    .leftJoinLateral(chargeOfLine.as('c'), (on) => on.onRef('c.provider', '=', 'l.provider'))
    .leftJoinLateral(operationOfLine.as('o'), (on) => on.onTrue())
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
    .orderBy('l.id'),
)

const holdOpen = statement()((db) =>
  db.selectFrom('bank_lines').select('id').where('booked_at', 'is', null).orderBy('id').forKeyShare(),
)

/**
 * Waits for whoever is entering lines at this moment, and keeps those that stay open as they are until the end of the transaction: books that
 * are compared while some are entered disagree about them.
 */
export async function holdOpenLines(tx: Transaction): Promise<void> {
  await holdOpen(tx, {})
}

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
