import { merged, now, statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import { judge } from '../platform/state-machine.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { checkTaxIdentifier } from '../tax/check-tax-identifier.ts'
import { definitionOf } from '../tax/tax-identifier-types.ts'
import { type TaxIdentifierState, taxIdentifierTransitions } from './tax-identifier.state-machine.ts'
import { type TaxIdentifierRow, taxIdentifierRow } from './tax-identifier-row.ts'
import type { TaxRegisters } from './tax-registers.ts'

type Parts = UnitOfWork & {
  taxRegisters: TaxRegisters
  tell: { taxIdentifier: Tell<TaxIdentifierRow> }
}

const read = statement<{ id: string }>()((db, $) =>
  db.selectFrom('tax_identifiers').select(['type', 'value', 'state']).where('id', '=', $.id),
)

const lockState = statement<{ id: string }>()((db, $) =>
  db.selectFrom('tax_identifiers').select('state').where('id', '=', $.id).forUpdate(),
)

type Answer = {
  id: string
  to: TaxIdentifierState
  stamp: Record<string, string>
  name: string | null
  address: string | null
}

const move = statement<Answer>()((db, $) =>
  db
    .updateTable('tax_identifiers as t')
    .set((t) => ({
      state: $.to,
      state_transitions: merged(t.ref('t.state_transitions'), $.stamp),
      verified_name: $.name,
      verified_address: $.address,
      updated_at: now,
    }))
    .where('t.id', '=', $.id)
    .returning(['t.merchant_id as merchantId', taxIdentifierRow.as('row')]),
)

/**
 * Asks the register about a pending tax identifier and notes the answer; asking twice is harmless. A deleted identifier, one that has
 * its answer and one that no register can be asked about finish the task as they are. Returns the state it moved to, or undefined.
 * @throws TaskError `tax_register_unavailable`, to be tried again
 */
export async function verifyTaxIdentifier(
  parts: Parts,
  { taxIdentifierId }: { taxIdentifierId: string },
  taskId: string,
): Promise<TaxIdentifierState | undefined> {
  const [identifier] = await read(parts.database, { id: taxIdentifierId })
  const kept = identifier && definitionOf(identifier.type)?.register
  const register = kept && parts.taxRegisters[kept.name]
  const checked = identifier && (await checkTaxIdentifier(identifier.type, identifier.value))
  if (!register || !checked?.ok || identifier.state !== 'pending') {
    await inTransaction(parts, async (tx) => tx.finish(taskId))
    return undefined
  }
  const answer = await register.verify({ type: identifier.type, value: checked.compact, country: kept.country })
  if (answer.outcome === 'unavailable') throw new TaskError('tax_register_unavailable', { retry: true })
  return await inTransaction(parts, async (tx) => {
    tx.finish(taskId)
    if (answer.outcome === 'not_kept') return undefined
    const [current] = await lockState(tx, { id: taxIdentifierId })
    if (!current || judge(taxIdentifierTransitions, current.state, answer.outcome) !== 'moves') return undefined
    const verified = answer.outcome === 'verified' ? answer : undefined
    const [moved] = await move(tx, {
      id: taxIdentifierId,
      to: answer.outcome,
      stamp: { [answer.outcome]: new Date().toISOString() },
      name: verified?.name ?? null,
      address: verified?.address ?? null,
    })
    if (moved)
      await parts.tell.taxIdentifier(tx, {
        merchantId: moved.merchantId,
        type: `tax_identifier.${answer.outcome}`,
        object: moved.row,
      })
    return answer.outcome
  })
}
