import { createHash } from 'node:crypto'
import { type Sql, violatedConstraint } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import { derivedId, newId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { OperationState } from './operation.state-machine.ts'
import {
  claim,
  completeDone,
  type DoneRow,
  leaveUnknown,
  type OperationRow,
  plan,
  record,
  refuse,
  release,
  setAside,
} from './operations.statements.ts'
import type { Purpose } from './purposes.ts'

/** What is to happen outside, and what for: the same purpose is the same operation. */
export type OperationSpec = Purpose & {
  orderId: string
  provider: string
  amount?: number
  currency?: string
  /** The content of the request; asking for the same purpose with other content is a programming mistake. */
  request: unknown
}

/**
 * An operation this worker may carry out now, under a lease. Its id is the provider's idempotency key: it follows from the purpose and the
 * number of refusals before, so a restored database asks under the same one.
 */
export type ClaimedOperation = {
  id: string
  spec: OperationSpec
  token: string
  /** 1 for the first attempt, not counting those that certainly had no effect. From the second on the effect may exist already. */
  attempt: number
  /** When the first of the earlier attempts was made that may have had its effect; absent where there is none that we know of. */
  sentAt: Date | undefined
  /**
   * It may have had its effect: by an earlier attempt, or in a time that a restored database does not know. A provider forgets keys after
   * a day, and until then repeats even a 500 for one.
   */
  lookUpFirst: boolean
}

export type Claim =
  | { outcome: 'claimed'; operation: ClaimedOperation }
  | { outcome: 'complete'; id: string; reference: string | null }

/**
 * Stores operations before they are attempted and claims each with a lease and an attempt token (I3), in one statement.
 * An operation that a provider refused definitely is replaced by a new one: only a person's "again" leads here then.
 * The lease outlives any provider call, so two workers never carry out one operation at the same time.
 * `unchanged` claims nothing for an order of which a refund was asked for since it was read, whose address was changed, or whose money a dispute
 * holds: each holds the order's lock for a moment, so that either the refund sees the operation or the operation sees the refund.
 * @throws TaskBusy when another worker holds one of them, or the order has changed
 */
export async function claimOperations(
  parts: Pick<UnitOfWork, 'operationLeaseSeconds'> & { database: { sql: Sql } },
  specs: readonly OperationSpec[],
  unchanged?: { orderId: string; refundCount: number; shipTo?: Party | null },
): Promise<Claim[]> {
  const { database, operationLeaseSeconds } = parts
  const [first] = specs
  if (!first) return []
  const token = newId('attempt')
  const claimed = claim(database, {
    of: first.orderId,
    specs: specs.map(toRow),
    token,
    leaseSeconds: operationLeaseSeconds,
    orderId: unchanged?.orderId ?? null,
    refundCount: unchanged?.refundCount ?? null,
    shipTo: unchanged?.shipTo ?? null,
  })
  const answered = await claimed.catch((error: unknown) => {
    // Refused at this very moment: its successor's id is the next one.
    throw violatedConstraint(error) === 'operations_pkey' ? new TaskBusy('operation_in_progress') : error
  })
  const purposes = new Set(specs.map(({ purpose }) => purpose))
  const rows = answered.filter(({ purpose }) => purposes.has(purpose))
  if (unchanged && rows.length === 0) throw new TaskBusy('order_changed')
  const refused = rows.filter((row) => row.state === 'failed').map((row) => row.id)
  if (refused.length > 0) {
    await setAside(database, { ids: refused })
    await release(database, { token })
    return claimOperations(parts, specs, unchanged)
  }
  const byPurpose = new Map(rows.map((row) => [row.purpose, row]))
  const claims = specs.map((spec): Claim | 'busy' => {
    const row = byPurpose.get(spec.purpose)
    if (!row) throw new Error(`operation ${spec.purpose} was not stored`)
    if (row.requestHash !== requestHash(spec.request))
      throw new Error(`operation ${row.id} was stored with other content`)
    if (row.state === 'complete') return { outcome: 'complete', id: row.id, reference: row.providerReference }
    if (row.attemptToken !== token) return 'busy'
    return {
      outcome: 'claimed',
      operation: {
        id: row.id,
        spec,
        token,
        attempt: row.attempts,
        sentAt: row.attempts > 1 && row.firstAttemptedAt ? new Date(row.firstAttemptedAt) : undefined,
        lookUpFirst: row.attempts > 1 || row.restored,
      },
    }
  })
  if (claims.includes('busy')) {
    await release(database, { token })
    throw new TaskBusy('operation_in_progress')
  }
  return claims.filter((claim) => claim !== 'busy')
}

/**
 * Stores an operation in the transaction that decides on it, so that what it is for is fixed with it; {@link claimOperations}
 * with the same spec claims it afterwards. Returns its id.
 */
export async function planOperation(tx: Pick<Transaction, 'sql'>, spec: OperationSpec): Promise<string> {
  const [planned] = await plan(tx, { operations: [toRow(spec)] })
  if (!planned) throw new Error(`operation ${spec.purpose} was not planned`)
  return planned.id
}

/**
 * Stores something that was done at the provider without us as an operation that is complete, so that everything that counts what was
 * done counts it, and once: one that stands already stays as it is. Returns its id, or undefined when it was there.
 */
export async function recordOperation(
  tx: Pick<Transaction, 'sql'>,
  spec: OperationSpec,
  reference: string,
): Promise<string | undefined> {
  const [recorded] = await record(tx, { operations: [toRow(spec)], reference })
  return recorded?.id
}

/** The id of an operation that was never refused; behind that of a successor stands how often it was. */
export const operationId = ({ orderId, purpose }: { orderId: string; purpose: string }): string =>
  derivedId('operation', orderId, purpose)

const toRow = (spec: OperationSpec): OperationRow => ({
  id: operationId(spec),
  purpose: spec.purpose,
  order_id: spec.orderId,
  charge_id: spec.chargeId ?? null,
  split_id: spec.splitId ?? null,
  entry_id: spec.entryId ?? null,
  shipment_id: spec.shipmentId ?? null,
  reverses_id: spec.reversesId ?? null,
  final: spec.final ?? null,
  kind: spec.kind,
  provider: spec.provider,
  amount: spec.amount ?? null,
  currency: spec.currency ?? null,
  request_hash: requestHash(spec.request),
})

export type DoneOperation = { operation: ClaimedOperation; reference: string }

/**
 * Completes operations by compare-and-set in the transaction that stores their effects.
 * @throws TaskBusy when the lease was lost, which rolls that transaction back.
 */
export async function completeOperations(tx: Transaction, done: readonly DoneOperation[]): Promise<void> {
  if (done.length === 0) return
  const completed = await completeDone(tx, { done: doneRows(done) })
  confirmCompleted(tx, done, completed.length)
}

/** What {@link complete} takes of done operations. */
export const doneRows = (done: readonly DoneOperation[]): DoneRow[] =>
  done.map(({ operation, reference }) => ({ id: operation.id, token: operation.token, reference }))

/** Notes completed operations. @throws TaskBusy when another worker holds one of them by now */
export function confirmCompleted(tx: Transaction, done: readonly DoneOperation[], completed: number): void {
  if (completed !== done.length) throw new TaskBusy('operation_lease_lost')
  for (const { operation } of done) noteOperation(tx, operation, 'complete')
}

/** Records how an attempt ended badly: a definite refusal ends the operation, anything else leaves it `unknown`. */
export async function recordFailedAttempt(
  parts: UnitOfWork,
  operation: ClaimedOperation,
  error: unknown,
): Promise<void> {
  const refused = error instanceof ProviderError && error.outcome === 'refused'
  const to: OperationState = refused ? 'failed' : 'unknown'
  const undone = error instanceof ProviderError && error.outcome === 'unavailable'
  await inTransaction(parts, async (tx) => {
    const attempt = {
      id: operation.id,
      token: operation.token,
      code: error instanceof ProviderError ? error.code : 'error',
    }
    const changed = await (to === 'failed' ? refuse(tx, attempt) : leaveUnknown(tx, { ...attempt, undone }))
    if (changed.length === 1) noteOperation(tx, operation, to)
  })
}

/** Carries one claimed operation out; a bad end is recorded before it is thrown on. */
export async function attemptOperation<Answer>(
  parts: UnitOfWork,
  operation: ClaimedOperation,
  call: (operation: ClaimedOperation) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(operation)
  } catch (error) {
    await recordFailedAttempt(parts, operation, error)
    throw error
  }
}

function noteOperation(tx: Transaction, operation: ClaimedOperation, to: OperationState): void {
  const { spec } = operation
  tx.note({
    orderId: spec.orderId,
    kind: 'operation',
    subject: 'operation',
    subjectId: operation.id,
    to,
    cause: spec.kind,
    detail: {
      provider: spec.provider,
      attempt: operation.attempt,
      ...(spec.amount === undefined ? {} : { amount: spec.amount }),
    },
  })
}

const requestHash = (request: unknown): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url')
