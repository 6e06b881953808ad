import { type Sql, violatedConstraint } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, readPage } from '../database/page.ts'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkTaxIdentifier } from '../tax/check-tax-identifier.ts'
import { definitionOf } from '../tax/tax-identifier-types.ts'
import type { TaxIdentifierState } from './tax-identifier.state-machine.ts'
import { type TaxIdentifierRow, taxIdentifierRow } from './tax-identifier-row.ts'

const notFound = (id: string) =>
  new ApiError('not_found', { message: `Tax identifier '${id}' not found.`, parameter: 'id' })

const insertIdentifier = statement<{ identifier: NewRow<'tax_identifiers'> }>()((db, $) =>
  db
    .with('t', () => insertRows('tax_identifiers', $.identifier).returningAll())
    .selectFrom('t')
    .select(taxIdentifierRow.as('row')),
)

/**
 * Makes a pending tax identifier, which belongs to nobody yet. Its number is kept as it is issued, without blanks.
 * Whether it exists is asked later, by the task `verify-tax-identifier`, where `canBeVerified` says that somebody knows.
 * @throws ApiError `invalid_parameter` for `type` or `value`
 */
export async function createTaxIdentifier(
  tx: Pick<Transaction, 'sql'>,
  input: { merchantId: string; type: string; value: string },
): Promise<TaxIdentifierRow> {
  if (!definitionOf(input.type))
    throw new ApiError('invalid_parameter', {
      message: `Tax identifiers of type '${input.type}' are not supported.`,
      parameter: 'type',
    })
  const checked = await checkTaxIdentifier(input.type, input.value)
  if (!checked.ok)
    throw new ApiError('invalid_parameter', {
      message: `Tax identifier '${input.value}' invalid.`,
      parameter: 'value',
    })
  const [created] = await insertIdentifier(tx, {
    identifier: {
      id: newId('taxIdentifier'),
      merchant_id: input.merchantId,
      type: input.type,
      value: checked.value,
      state: 'pending',
      state_transitions: { pending: new Date().toISOString() },
    },
  })
  if (!created) throw new Error('a tax identifier was not stored')
  return created.row
}

type Target = { merchantId: string; taxIdentifierId: string }

const read = statement<Target>()((db, $) =>
  db
    .selectFrom('tax_identifiers as t')
    .select(taxIdentifierRow.as('row'))
    .where('t.id', '=', $.taxIdentifierId)
    .where('t.merchant_id', '=', $.merchantId),
)

const remove = statement<Target>()((db, $) =>
  db
    .deleteFrom('tax_identifiers as t')
    .where('t.id', '=', $.taxIdentifierId)
    .where('t.merchant_id', '=', $.merchantId)
    .returning(taxIdentifierRow.as('row')),
)

// Under the row's lock the second of two customers sees the first one's name.
const attach = statement<Target & { customerId: string }>()((db, $) =>
  db
    .updateTable('tax_identifiers as t')
    .set((t) => ({
      customer_id: $.customerId,
      updated_at: t.case().when('t.customer_id', 'is', null).then(now).else(t.ref('t.updated_at')).end(),
    }))
    .where('t.id', '=', $.taxIdentifierId)
    .where('t.merchant_id', '=', $.merchantId)
    .where((t) => t.or([t('t.customer_id', 'is', null), t('t.customer_id', '=', $.customerId)]))
    .returning(taxIdentifierRow.as('row')),
)

/** @throws ApiError `not_found`, also for another merchant's */
export async function readTaxIdentifier(sql: Sql, { merchantId, taxIdentifierId }: Target): Promise<TaxIdentifierRow> {
  const [found] = await read(sql, { merchantId, taxIdentifierId })
  if (!found) throw notFound(taxIdentifierId)
  return found.row
}

export type TaxIdentifierFilter = {
  merchantId: string
  ids?: readonly string[] | undefined
  customerId?: string | undefined
  type?: string | undefined
  value?: string | undefined
  state?: TaxIdentifierState | undefined
  created?: Period | undefined
  limit: number
  startingAfter?: string | undefined
  endingBefore?: string | undefined
}

/** One page, newest first. With `endingBefore` it is the page that ends right before that id, and `startingAfter` is ignored. */
export async function listTaxIdentifiers(
  sql: Sql,
  filter: TaxIdentifierFilter,
): Promise<{ hasMore: boolean; taxIdentifiers: TaxIdentifierRow[] }> {
  const { hasMore, rows } = await readPage(sql, filter, 't.id', (db) =>
    db
      .selectFrom('tax_identifiers as t')
      .select(taxIdentifierRow.as('row'))
      .where('t.merchant_id', '=', filter.merchantId)
      .where((t) =>
        t.and([
          ...ifGiven(filter.ids, (ids) => t('t.id', '=', t.fn.any(t.val(ids)))),
          ...ifGiven(filter.customerId, (customerId) => t('t.customer_id', '=', customerId)),
          ...ifGiven(filter.type, (type) => t('t.type', '=', type)),
          ...ifGiven(filter.value, (value) => t('t.value', '=', value)),
          ...madeWithin('t', undefined, filter.created),
          ...ifGiven(filter.state, (state) => t('t.state', '=', state)),
        ]),
      ),
  )
  return { hasMore, taxIdentifiers: rows.map(({ row }) => row) }
}

/** Deletes one and so takes it from its customer; what was ordered with it keeps its copy. @throws ApiError `not_found` */
export async function deleteTaxIdentifier(
  tx: Pick<Transaction, 'sql'>,
  { merchantId, taxIdentifierId }: Target,
): Promise<TaxIdentifierRow> {
  const [deleted] = await remove(tx, { merchantId, taxIdentifierId })
  if (!deleted) throw notFound(taxIdentifierId)
  return deleted.row
}

/**
 * Gives a tax identifier to a customer; to the one that has it already it changes nothing. The caller knows that the customer exists.
 * @throws ApiError `not_found`; `tax_identifier_in_use` when it is another customer's, or when this one has another of its type
 */
export async function attachTaxIdentifier(
  tx: Pick<Transaction, 'sql'>,
  { merchantId, customerId, taxIdentifierId }: Target & { customerId: string },
): Promise<TaxIdentifierRow> {
  let attached: { row: TaxIdentifierRow } | undefined
  try {
    ;[attached] = await attach(tx, { merchantId, taxIdentifierId, customerId })
  } catch (error) {
    if (violatedConstraint(error) !== 'tax_identifiers_customer_type') throw error
    throw new ApiError('tax_identifier_in_use', {
      message: 'This customer has a tax identifier of this type. Delete it first.',
      parameter: 'taxIdentifiers',
      cause: error,
    })
  }
  if (attached) return attached.row
  await readTaxIdentifier(tx.sql, { merchantId, taxIdentifierId })
  throw new ApiError('tax_identifier_in_use', {
    message: `Tax identifier '${taxIdentifierId}' is attached to a different customer.`,
    parameter: 'taxIdentifiers',
  })
}
