import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Runs } from '../database/statement.ts'
import { lockIdempotencyKey, readAnswer, storeAnswer } from '../merchants/idempotency-keys.ts'
import { ApiError } from '../platform/errors.ts'
import { inGroup, type Membership } from '../tasks/in-group.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import type { ApiEnv } from './env.ts'
import type { ApiParts } from './route-dependencies.ts'

/** The answer of a request: what is sent, and what a repetition with the same `Idempotency-Key` is sent again. */
export type Answer<Status extends number> = { status: Status; body: object }

const maxKeyLength = 255

/** Whose a key is: the API key it came with, or the person who is signed in; and whose data the answer may hold. */
export type KeyHolder = { apiKeyId: string; merchantId: string }

/**
 * Runs a request in one transaction. With an `Idempotency-Key` its answer is stored in that same transaction: the same key with
 * the same body is answered with it for 24 hours, however often and after whatever crash. It belongs to the API key it came with: a
 * browser neither reads what the merchant's server was answered nor stands in its way.
 * @param together lets requests that come together share a transaction. One with a key never does: the lock on its key would be everybody's
 * @throws ApiError `idempotency_key_reused` for another body, `idempotency_key_in_use` while the first is still running
 */
export const answerOnce = <Status extends number>(
  c: Context<ApiEnv>,
  parts: ApiParts,
  work: (tx: Transaction) => Promise<Answer<Status>>,
  together?: Membership,
): Promise<Answer<Status>> => answerOnceTo(c, parts, c.get('caller'), work, together)

/** The same for whoever is not known by a key alone. */
export async function answerOnceTo<Status extends number>(
  c: Context,
  parts: ApiParts,
  holder: KeyHolder,
  work: (tx: Transaction) => Promise<Answer<Status>>,
  together?: Membership,
): Promise<Answer<Status>> {
  const asked = await readKey(c, holder)
  if (asked === undefined && together) return inGroup(parts, together, work)
  if (asked === undefined) return inTransaction(parts, work)
  return inTransaction(parts, async (tx) => {
    const held = await lockIdempotencyKey(tx, asked)
    if (!held) throw new ApiError('idempotency_key_in_use')
    const known = await storedAnswer<Status>(c, tx, asked)
    if (known) return known
    const answer = await work(tx)
    const { status, body } = answer
    await storeAnswer(tx, {
      answer: {
        api_key_id: asked.apiKeyId,
        key: asked.key,
        request_hash: asked.hash,
        status,
        response: JSON.stringify(body),
        merchant_id: holder.merchantId,
      },
    })
    return answer
  })
}

/**
 * The same for what needs others before it can be stored, such as a tax service or a storage of files: they are asked without a
 * transaction, and not at all for an answer that is known. Of two requests that come at once both ask, and one is stored.
 */
export async function answerPreparedOnce<Prepared, Status extends number>(
  c: Context<ApiEnv>,
  parts: ApiParts,
  prepare: () => Promise<Prepared>,
  work: (tx: Transaction, prepared: Prepared) => Promise<Answer<Status>>,
): Promise<Answer<Status>> {
  const asked = await readKey(c, c.get('caller'))
  const known = asked && (await storedAnswer<Status>(c, parts.database.sql, asked))
  if (known) return known
  const prepared = await prepare()
  return answerOnce(c, parts, (tx) => work(tx, prepared))
}

type Asked = { apiKeyId: string; key: string; hash: string }

/** The key of a request and what it is for; undefined without one. @throws ApiError `invalid_parameter` */
async function readKey(c: Context, { apiKeyId }: KeyHolder): Promise<Asked | undefined> {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return undefined
  if (key.length === 0 || key.length > maxKeyLength) {
    throw new ApiError('invalid_parameter', {
      message: `Idempotency-Key: 1 to ${maxKeyLength} characters.`,
      parameter: 'Idempotency-Key',
    })
  }
  const hash = createHash('sha256')
    .update(`${c.req.method} ${c.req.path}\n`)
    .update(await c.req.text())
    .digest('base64url')
  return { apiKeyId, key, hash }
}

async function storedAnswer<Status extends number>(
  c: Context,
  on: Runs,
  { apiKeyId, key, hash }: Asked,
): Promise<Answer<Status> | undefined> {
  const [stored] = await readAnswer(on, { apiKeyId, key })
  if (stored && stored.hash !== hash) throw new ApiError('idempotency_key_reused')
  if (!stored) return undefined
  c.header('idempotent-replayed', 'true')
  return { status: stored.status as Status, body: JSON.parse(stored.response) as object }
}
