import { createHash } from 'node:crypto'
import { type Sql, violatedConstraint } from '../database/database.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../database/transaction.ts'
import { isHeldByDisputeSql } from '../orders/disputed.ts'
import { derivedId, newId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import type { OperationKind } from './operation.entity.ts'
import type { OperationState } from './operation.state-machine.ts'
import { isRestoredSql } from './restored.ts'

/** What is to happen outside. `purpose` names it once and for all: the same purpose is the same operation. */
export type OperationSpec = {
  purpose: string
  orderId: string
  chargeId?: string
  kind: OperationKind
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
  /** 1 for the first attempt. From the second on the effect may exist already. */
  attempt: number
  /**
   * It may have had its effect: by an earlier attempt, or in a time that a restored database does not know. A provider forgets keys after
   * a day, and until then repeats even a 500 for one.
   */
  lookUpFirst: boolean
}

export type Claim =
  | { outcome: 'claimed'; operation: ClaimedOperation }
  | { outcome: 'complete'; id: string; reference: string | null }

type ClaimedRow = {
  id: string
  purpose: string
  state: OperationState
  requestHash: string
  attempts: number
  attemptToken: string | null
  providerReference: string | null
  restored: boolean
}

const unchangedSql = `with locked as materialized (select id from orders o where id = $4 and refund_count = $5
  and not ${isHeldByDisputeSql('o')} for update)`

/**
 * Stores operations before they are attempted and claims each with a lease and an attempt token (I3), in one statement.
 * An operation that a provider refused definitely is replaced by a new one: only a person's "again" leads here then.
 * The lease outlives any provider call, so two workers never carry out one operation at the same time.
 * `unchanged` claims nothing for an order of which a refund was asked for since it was read, or whose money a dispute holds: both hold the
 * order's lock for a moment, so that either the refund sees the operation or the operation sees the refund.
 * @throws TaskBusy when another worker holds one of them, or the order has changed
 */
export async function claimOperations(
  parts: Pick<UnitOfWork, 'operationLeaseSeconds'> & { database: { sql: Sql } },
  specs: readonly OperationSpec[],
  unchanged?: { orderId: string; refundCount: number },
): Promise<Claim[]> {
  const { database, operationLeaseSeconds } = parts
  if (specs.length === 0) return []
  const token = newId('attempt')
  const claimed = database.sql<ClaimedRow>(
    `${unchanged ? unchangedSql : ''}
     insert into operations as o (id, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash,
       attempts, attempt_token, lease_until, first_attempted_at)
     select ${idSql('s')}, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash, 1, $2, now() + make_interval(secs => $3), now()
     from jsonb_to_recordset($1::jsonb) as s(id text, purpose text, order_id text, charge_id text, kind text, provider text,
       amount bigint, currency text, request_hash text)
     ${unchanged ? 'where exists (select 1 from locked)' : ''}
     on conflict (purpose) do update set
       attempts = case when o.state in ('pending', 'unknown') and coalesce(o.lease_until, now()) <= now() then o.attempts + 1 else o.attempts end,
       attempt_token = case when o.state in ('pending', 'unknown') and coalesce(o.lease_until, now()) <= now() then excluded.attempt_token else o.attempt_token end,
       lease_until = case when o.state in ('pending', 'unknown') and coalesce(o.lease_until, now()) <= now() then excluded.lease_until else o.lease_until end
     returning id, purpose, state, request_hash as "requestHash", attempts, attempt_token as "attemptToken",
       provider_reference as "providerReference", ${isRestoredSql('o.order_id')} as restored`,
    [
      JSON.stringify(
        specs.map((spec) => ({
          id: operationId(spec),
          purpose: spec.purpose,
          order_id: spec.orderId,
          charge_id: spec.chargeId,
          kind: spec.kind,
          provider: spec.provider,
          amount: spec.amount,
          currency: spec.currency,
          request_hash: requestHash(spec.request),
        })),
      ),
      token,
      operationLeaseSeconds,
      ...(unchanged ? [unchanged.orderId, unchanged.refundCount] : []),
    ],
  )
  const rows = await claimed.catch((error: unknown) => {
    // Refused at this very moment: its successor's id is the next one.
    throw violatedConstraint(error) === 'operations_pkey' ? new TaskBusy('operation_in_progress') : error
  })
  if (unchanged && rows.length === 0) throw new TaskBusy('order_changed')
  const refused = rows.filter((row) => row.state === 'failed').map((row) => row.id)
  if (refused.length > 0) {
    await database.sql(
      `update operations set purpose = purpose || '-refused-' || id where id = any($1::text[]) and state = 'failed'`,
      [refused],
    )
    await releaseOperations(database, token)
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
        lookUpFirst: row.attempts > 1 || row.restored,
      },
    }
  })
  if (claims.includes('busy')) {
    await releaseOperations(database, token)
    throw new TaskBusy('operation_in_progress')
  }
  return claims.filter((claim) => claim !== 'busy')
}

/**
 * Stores an operation in the transaction that decides on it, so that what it is for is fixed with it; {@link claimOperations}
 * with the same spec claims it afterwards. Returns its id.
 */
export async function planOperation(tx: Pick<Transaction, 'sql'>, spec: OperationSpec): Promise<string> {
  const [planned] = await tx.sql<{ id: string }>(
    `insert into operations (id, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash)
     select ${idSql('s')}, purpose, order_id, $4, $5, $6, $7, $8, $9
     from (select $1::text as id, $2::text as purpose, $3::text as order_id) s returning id`,
    [
      operationId(spec),
      spec.purpose,
      spec.orderId,
      spec.chargeId ?? null,
      spec.kind,
      spec.provider,
      spec.amount ?? null,
      spec.currency ?? null,
      requestHash(spec.request),
    ],
  )
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
  const [recorded] = await tx.sql<{ id: string }>(
    `insert into operations (id, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash, state, provider_reference,
       completed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'complete', $10, now()) on conflict (purpose) do nothing returning id`,
    [
      operationId(spec),
      spec.purpose,
      spec.orderId,
      spec.chargeId ?? null,
      spec.kind,
      spec.provider,
      spec.amount ?? null,
      spec.currency ?? null,
      requestHash(spec.request),
      reference,
    ],
  )
  return recorded?.id
}

const operationId = ({ orderId, purpose }: OperationSpec): string => derivedId('operation', orderId, purpose)

/** The id of a row to be: after each refusal the next one, so that a person's "again" is a new request to the provider. */
const idSql = (
  s: string,
): string => `${s}.id || (select case when count(*) > 0 then 'r' || count(*) else '' end from operations refused
       where refused.order_id = ${s}.order_id and starts_with(refused.purpose, ${s}.purpose || '-refused-'))`

/** Gives claimed operations back that were not attempted. */
async function releaseOperations(database: { sql: Sql }, token: string): Promise<void> {
  await database.sql('update operations set lease_until = null where attempt_token = $1 and completed_at is null', [
    token,
  ])
}

export type DoneOperation = { operation: ClaimedOperation; reference: string }

/**
 * Completes operations by compare-and-set in the transaction that stores their effects.
 * @throws TaskBusy when the lease was lost, which rolls that transaction back.
 */
export async function completeOperations(tx: Transaction, done: readonly DoneOperation[]): Promise<void> {
  if (done.length === 0) return
  const completed = await tx.sql<{ id: string }>(completeOperationsSql('$1'), [toDoneRows(done)])
  confirmCompleted(tx, done, completed.length)
}

/** The statement behind {@link completeOperations}, to be one with the statement that stores the effects. */
export const completeOperationsSql = (parameter: string) => `
  update operations set state = 'complete', provider_reference = d.reference, completed_at = now(), lease_until = null, failure_code = null
  from jsonb_to_recordset(${parameter}::jsonb) as d(id text, token text, reference text)
  where operations.id = d.id and operations.id = any(array(select id from jsonb_to_recordset(${parameter}::jsonb) as i(id text)))
    and operations.attempt_token = d.token and operations.state in ('pending', 'unknown')
  returning operations.id`

export const toDoneRows = (done: readonly DoneOperation[]): string =>
  JSON.stringify(done.map(({ operation, reference }) => ({ id: operation.id, token: operation.token, reference })))

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
  await inTransaction(parts, async (tx) => {
    const changed = await tx.sql<{ id: string }>(
      `update operations set state = $3, lease_until = null, failure_code = $4, completed_at = case when $3 = 'failed' then now() end
       where id = $1 and attempt_token = $2 and state in ('pending', 'unknown') returning id`,
      [operation.id, operation.token, to, error instanceof ProviderError ? error.code : 'error'],
    )
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
