import { type Sql, violatedConstraint } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkTaxIdentifier } from '../tax/check-tax-identifier.ts'
import { definitionOf } from '../tax/tax-identifier-types.ts'
import { type TaxIdentifierRow, taxIdentifierRowJson } from './tax-identifier-row.ts'

const found = (rows: readonly { row: TaxIdentifierRow }[]): TaxIdentifierRow[] => rows.map(({ row }) => row)

const notFound = (id: string) =>
  new ApiError('not_found', { message: `Tax identifier '${id}' not found.`, parameter: 'id' })

/**
 * Makes a pending tax identifier, which belongs to nobody yet (R217). Its number is kept as it is issued, without blanks.
 * Whether it exists is asked later, by the task `verify-tax-identifier`, where {@link hasRegister} says that somebody knows.
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
  const [created] = found(
    await tx.sql(
      `insert into tax_identifiers as t (id, merchant_id, type, value, state, state_transitions)
       values ($1, $2, $3, $4, 'pending', jsonb_build_object('pending', $5::text)) returning ${taxIdentifierRowJson('t')} as row`,
      [newId('taxIdentifier'), input.merchantId, input.type, checked.value, new Date().toISOString()],
    ),
  )
  if (!created) throw new Error('a tax identifier was not stored')
  return created
}

/** True for a type whose numbers somebody can be asked about; the others stay pending. */
export const hasRegister = (type: string): boolean => definitionOf(type)?.register !== undefined

/** @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readTaxIdentifier(
  sql: Sql,
  { merchantId, taxIdentifierId }: { merchantId: string; taxIdentifierId: string },
): Promise<TaxIdentifierRow> {
  const [row] = found(
    await sql(`select ${taxIdentifierRowJson('t')} as row from tax_identifiers t where id = $1 and merchant_id = $2`, [
      taxIdentifierId,
      merchantId,
    ]),
  )
  if (!row) throw notFound(taxIdentifierId)
  return row
}

export type TaxIdentifierFilter = {
  merchantId: string
  ids?: readonly string[] | undefined
  customerId?: string | undefined
  type?: string | undefined
  value?: string | undefined
  state?: string | undefined
  limit: number
  startingAfter?: string | undefined
  endingBefore?: string | undefined
}

/** One page, newest first. With `endingBefore` it is the page that ends right before that id, and `startingAfter` is ignored. */
export async function listTaxIdentifiers(
  sql: Sql,
  filter: TaxIdentifierFilter,
): Promise<{ hasMore: boolean; taxIdentifiers: TaxIdentifierRow[] }> {
  const backwards = filter.endingBefore !== undefined
  const rows = found(
    await sql(
      `select ${taxIdentifierRowJson('t')} as row from tax_identifiers t
       where merchant_id = $1 and ($2::text[] is null or id = any($2)) and ($3::text is null or customer_id = $3)
         and ($4::text is null or type = $4) and ($5::text is null or value = $5) and ($6::text is null or state = $6)
         and ($7::text is null or id ${backwards ? '>' : '<'} $7)
       order by id ${backwards ? 'asc' : 'desc'} limit $8`,
      [
        filter.merchantId,
        filter.ids ?? null,
        filter.customerId ?? null,
        filter.type ?? null,
        filter.value ?? null,
        filter.state ?? null,
        filter.endingBefore ?? filter.startingAfter ?? null,
        filter.limit + 1,
      ],
    ),
  )
  const page = rows.slice(0, filter.limit)
  return { hasMore: rows.length > filter.limit, taxIdentifiers: backwards ? page.reverse() : page }
}

/** Deletes one and so takes it from its customer; what was ordered with it keeps its copy. @throws ApiError `not_found` */
export async function deleteTaxIdentifier(
  tx: Pick<Transaction, 'sql'>,
  { merchantId, taxIdentifierId }: { merchantId: string; taxIdentifierId: string },
): Promise<TaxIdentifierRow> {
  const [deleted] = found(
    await tx.sql(
      `delete from tax_identifiers t where id = $1 and merchant_id = $2 returning ${taxIdentifierRowJson('t')} as row`,
      [taxIdentifierId, merchantId],
    ),
  )
  if (!deleted) throw notFound(taxIdentifierId)
  return deleted
}

/**
 * Gives a tax identifier to a customer; to the one that has it already it changes nothing. The caller knows that the customer exists.
 * @throws ApiError `not_found`; `tax_identifier_in_use` when it is another customer's, or when this one has another of its type
 */
export async function attachTaxIdentifier(
  tx: Pick<Transaction, 'sql'>,
  { merchantId, customerId, taxIdentifierId }: { merchantId: string; customerId: string; taxIdentifierId: string },
): Promise<TaxIdentifierRow> {
  let attached: TaxIdentifierRow | undefined
  try {
    // Under the row's lock the second of two customers sees the first one's name.
    ;[attached] = found(
      await tx.sql(
        `update tax_identifiers t set customer_id = $3, updated_at = case when customer_id is null then now() else updated_at end
         where id = $1 and merchant_id = $2 and (customer_id is null or customer_id = $3)
         returning ${taxIdentifierRowJson('t')} as row`,
        [taxIdentifierId, merchantId, customerId],
      ),
    )
  } catch (error) {
    if (violatedConstraint(error) !== 'tax_identifiers_customer_type') throw error
    throw new ApiError('tax_identifier_in_use', {
      message: 'This customer has a tax identifier of this type. Delete it first.',
      parameter: 'taxIdentifiers',
      cause: error,
    })
  }
  if (attached) return attached
  await readTaxIdentifier(tx.sql, { merchantId, taxIdentifierId })
  throw new ApiError('tax_identifier_in_use', {
    message: `Tax identifier '${taxIdentifierId}' is attached to a different customer.`,
    parameter: 'taxIdentifiers',
  })
}
