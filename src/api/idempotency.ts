import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { lockIdempotencyKey, readAnswer, storeAnswer } from '../merchants/idempotency-keys.ts'
import { ApiError } from '../platform/errors.ts'
import { inGroup, type Membership } from '../tasks/in-group.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import type { ApiEnv } from './env.ts'
import type { ApiParts } from './route-dependencies.ts'

/** The answer of a request: what is sent, and what a repetition with the same `Idempotency-Key` is sent again. */
export type Answer<Status extends number> = { status: Status; body: object }

const maxKeyLength = 255

/**
 * Runs a request in one transaction. With an `Idempotency-Key` its answer is stored in that same transaction: the same key with
 * the same body is answered with it for 24 hours, however often and after whatever crash. It belongs to the API key it came with: a
 * browser neither reads what the merchant's server was answered nor stands in its way.
 * @param together lets requests that come together share a transaction. One with a key never does: the lock on its key would be everybody's
 * @throws ApiError `idempotency_key_reused` for another body, `idempotency_key_in_use` while the first is still running
 */
export async function answerOnce<Status extends number>(
  c: Context<ApiEnv>,
  parts: ApiParts,
  work: (tx: Transaction) => Promise<Answer<Status>>,
  together?: Membership,
): Promise<Answer<Status>> {
  const key = c.req.header('idempotency-key')
  if (key === undefined && together) return inGroup(parts, together, work)
  if (key === undefined) return inTransaction(parts, work)
  if (key.length === 0 || key.length > maxKeyLength) {
    throw new ApiError('invalid_parameter', {
      message: `Idempotency-Key: 1 to ${maxKeyLength} characters.`,
      parameter: 'Idempotency-Key',
    })
  }
  const { apiKeyId, merchantId } = c.get('caller')
  const hash = createHash('sha256')
    .update(`${c.req.method} ${c.req.path}\n`)
    .update(await c.req.text())
    .digest('base64url')

  return inTransaction(parts, async (tx) => {
    const held = await lockIdempotencyKey(tx, { apiKeyId, key })
    if (!held) throw new ApiError('idempotency_key_in_use')
    const [stored] = await readAnswer(tx, { apiKeyId, key })
    if (stored && stored.hash !== hash) throw new ApiError('idempotency_key_reused')
    if (stored) {
      c.header('idempotent-replayed', 'true')
      return { status: stored.status as Status, body: JSON.parse(stored.response) as object }
    }
    const answer = await work(tx)
    const { status, body } = answer
    await storeAnswer(tx, {
      answer: {
        api_key_id: apiKeyId,
        key,
        request_hash: hash,
        status,
        response: JSON.stringify(body),
        merchant_id: merchantId,
      },
    })
    return answer
  })
}
