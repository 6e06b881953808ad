import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { noteAct } from './note-act.ts'
import { lockOrder } from './order-row.ts'

export const longestNote = 5_000
export const mostTags = 10
export const longestTag = 30

type Target = { orderId: string; merchantId: string; by: string }

const storeNote = statement<{ orderId: string; note: string }>()((db, $) =>
  db
    .insertInto('order_notes')
    .values({ order_id: $.orderId, note: $.note })
    .onConflict((conflict) =>
      conflict.column('order_id').doUpdateSet((row) => ({ note: row.ref('excluded.note'), updated_at: now })),
    ),
)
const removeNote = statement<{ orderId: string }>()((db, $) =>
  db.deleteFrom('order_notes').where('order_id', '=', $.orderId),
)

/** Keeps what a seller's people are to know about an order; an empty text takes it away. @throws ApiError `not_found` */
export async function noteOrder(tx: Transaction, { note, ...target }: Target & { note: string }): Promise<void> {
  await lockOwn(tx, target)
  if (note === '') await removeNote(tx, target)
  else await storeNote(tx, { orderId: target.orderId, note })
  noteAct(tx, { ...target, act: 'note changed' })
}

const removeTags = statement<{ orderId: string }>()((db, $) =>
  db.deleteFrom('order_tags').where('order_id', '=', $.orderId),
)
const storeTag = statement<{ orderId: string; merchantId: string; tag: string }>()((db, $) =>
  db
    .insertInto('order_tags')
    .values({ order_id: $.orderId, merchant_id: $.merchantId, tag: $.tag })
    .onConflict((conflict) => conflict.columns(['order_id', 'tag']).doNothing()),
)

/** Tags as they are kept: in lower case, each once. @throws ApiError `invalid_parameter` for too many, or one that is too long */
export function readTags(text: string): string[] {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim().replace(/\s+/g, ' ').toLowerCase()))].filter(Boolean)
  if (tags.length > mostTags || tags.some((tag) => tag.length > longestTag || /\p{Cc}/u.test(tag))) {
    throw new ApiError('invalid_parameter', {
      parameter: 'tags',
      message: `An order has at most ${mostTags} tags of at most ${longestTag} letters.`,
    })
  }
  return tags
}

/** Gives an order these tags and no others. @throws ApiError `not_found` */
export async function tagOrder(tx: Transaction, { tags, ...target }: Target & { tags: string[] }): Promise<void> {
  await lockOwn(tx, target)
  await removeTags(tx, target)
  for (const tag of tags) await storeTag(tx, { ...target, tag })
  noteAct(tx, { ...target, act: 'tags changed' })
}

/**
 * Gives an order one more tag; one that it has is no change. Returns whether it has got it.
 * @throws ApiError `not_found`, `invalid_parameter` for one too many
 */
export async function addTag(tx: Transaction, { tag, ...target }: Target & { tag: string }): Promise<boolean> {
  await lockOwn(tx, target)
  const { tags } = await readAnnotations(tx.sql, target.orderId)
  if (tags.includes(tag)) return false
  readTags([...tags, tag].join(','))
  await storeTag(tx, { ...target, tag })
  noteAct(tx, { ...target, act: 'tags changed' })
  return true
}

const readNote = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('order_notes').select('note').where('order_id', '=', $.orderId),
)
const readTagsOf = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('order_tags').select('tag').where('order_id', '=', $.orderId).orderBy('tag'),
)

/** What was noted about an order. Whose order it is has to be known already. */
export async function readAnnotations(on: Sql, orderId: string): Promise<{ note: string; tags: string[] }> {
  const [notes, tags] = await Promise.all([readNote(on, { orderId }), readTagsOf(on, { orderId })])
  return { note: notes[0]?.note ?? '', tags: tags.map(({ tag }) => tag) }
}

async function lockOwn(tx: Transaction, { orderId, merchantId }: Target): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order || order.merchantId !== merchantId || order.draft) throw new ApiError('not_found')
}
