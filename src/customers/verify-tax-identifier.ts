import type { Tell } from '../outgoing/announce.ts'
import { judge } from '../platform/state-machine.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { checkTaxIdentifier } from '../tax/check-tax-identifier.ts'
import { definitionOf } from '../tax/tax-identifier-types.ts'
import { type TaxIdentifierState, taxIdentifierTransitions } from './tax-identifier.state-machine.ts'
import { type TaxIdentifierRow, taxIdentifierRowJson } from './tax-identifier-row.ts'
import type { TaxIdentifierVerifier } from './vies.ts'

type Parts = UnitOfWork & {
  taxIdentifierVerifier: TaxIdentifierVerifier
  tell: { taxIdentifier: Tell<TaxIdentifierRow> }
}

/**
 * Asks the register about a pending tax identifier and notes the answer; asking twice is harmless. A deleted identifier, one that has
 * its answer and one of a type without a register finish the task as they are. Returns the state it moved to, or undefined.
 * @throws TaskError `tax_register_unavailable`, to be tried again
 */
export async function verifyTaxIdentifier(
  parts: Parts,
  { taxIdentifierId }: { taxIdentifierId: string },
  taskId: string,
): Promise<TaxIdentifierState | undefined> {
  const [identifier] = await parts.database.sql<{ type: string; value: string; state: TaxIdentifierState }>(
    'select type, value, state from tax_identifiers where id = $1',
    [taxIdentifierId],
  )
  const register = identifier && definitionOf(identifier.type)?.register
  const checked = identifier && (await checkTaxIdentifier(identifier.type, identifier.value))
  if (!register || !checked?.ok || identifier.state !== 'pending') {
    await inTransaction(parts, async (tx) => tx.finish(taskId))
    return undefined
  }
  const answer = await parts.taxIdentifierVerifier.verify({
    type: identifier.type,
    value: checked.compact,
    country: register.country,
  })
  if (answer.outcome === 'unavailable') throw new TaskError('tax_register_unavailable', { retry: true })
  return await inTransaction(parts, async (tx) => {
    tx.finish(taskId)
    const [current] = await tx.sql<{ state: TaxIdentifierState }>(
      'select state from tax_identifiers where id = $1 for update',
      [taxIdentifierId],
    )
    if (!current || judge(taxIdentifierTransitions, current.state, answer.outcome) !== 'moves') return undefined
    const verified = answer.outcome === 'verified' ? answer : undefined
    const [moved] = await tx.sql<{ merchantId: string; row: TaxIdentifierRow }>(
      `update tax_identifiers t set state = $2, state_transitions = state_transitions || jsonb_build_object($2::text, $3::text),
         verified_name = $4, verified_address = $5, updated_at = now() where id = $1
       returning merchant_id as "merchantId", ${taxIdentifierRowJson('t')} as row`,
      [taxIdentifierId, answer.outcome, new Date().toISOString(), verified?.name ?? null, verified?.address ?? null],
    )
    if (moved)
      await parts.tell.taxIdentifier(tx, {
        merchantId: moved.merchantId,
        type: `tax_identifier.${answer.outcome}`,
        object: moved.row,
      })
    return answer.outcome
  })
}
