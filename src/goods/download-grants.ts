import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Sql } from '../database/database.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import { type FileParts, fileIdOfUrl, type StoredFile, storedFile } from '../files/files.ts'
import { deliveryState } from '../orders/held-by-dispute.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { ApiError, type ErrorCode } from '../platform/errors.ts'

const grantSchema = z.object({
  file: z.string(),
  /** The delivery whose downloads are counted; without one it is the owner's own look at the file. */
  delivery: z.string().optional(),
  name: z.string(),
  /** Seconds since 1970. */
  expires: z.number(),
  /** 128 random bits: two links made in the same second are two downloads. */
  nonce: z.string(),
})

/** What a signed link allows: one file, for one delivery or its owner, for some minutes. */
export type DownloadGrant = z.infer<typeof grantSchema>

/**
 * A signed link to a file that works for `DOWNLOAD_URL_SECONDS`: for a delivery's buyer, counted once, or without a delivery
 * for the file's owner. Whoever has it may download, so it is made anew for each request and never stored or logged.
 * @throws ApiError `not_found` when there is no such file, or it is not what this delivery hands over
 */
export async function createDownloadUrl(
  parts: FileParts,
  grant: { fileId: string; deliveryId?: string | undefined },
): Promise<string> {
  const file = await readGrantedFile(parts.database.sql, grant.fileId, grant.deliveryId)
  if (!file) throw new ApiError('not_found')
  const { publicUrl, downloadUrlSeconds } = parts.config
  const payload: DownloadGrant = {
    file: file.id,
    delivery: grant.deliveryId,
    name: file.filename,
    expires: Math.floor(Date.now() / 1000) + downloadUrlSeconds,
    nonce: randomBytes(16).toString('base64url'),
  }
  const token = parts.files.downloadSigner.sign(JSON.stringify(payload))
  return `${publicUrl.replace(/\/+$/, '')}/v2/downloads/${token}`
}

/** The grant in a link's token. @throws ApiError `not_found` for one we have not signed, `download_expired` */
export function openGrant({ files }: Pick<FileParts, 'files'>, token: string): DownloadGrant {
  const text = files.downloadSigner.open(token)
  if (text === undefined) throw new ApiError('not_found')
  const grant = grantSchema.parse(JSON.parse(text))
  if (grant.expires <= Date.now() / 1000) throw new ApiError('download_expired')
  return grant
}

const readStored = statement<{ fileId: string; deliveryId: string | null }>()((db, $) =>
  db
    .selectFrom('files as f')
    .select(storedFile)
    .where('f.id', '=', $.fileId)
    .where('f.state', '=', 'stored')
    .where((f) =>
      f.or([
        sql<boolean>`${$.deliveryId.typed('text')} is null`,
        f.exists(
          f
            .selectFrom('deliveries as d')
            .innerJoin('orders as o', 'o.id', 'd.order_id')
            .leftJoin('order_items as i', 'i.id', 'd.order_item_id')
            .select('d.id')
            .where('d.id', '=', $.deliveryId)
            .where((d) => d('f.merchant_id', 'in', [d.ref('o.merchant_id'), d.ref('i.seller_id')]))
            .where((d) => sql<boolean>`position(${d.ref('f.id')} in ${d.ref('d.content')}) > 0`),
        ),
      ]),
    ),
)

/**
 * The file of a grant as the database knows it now: still stored, and still what the delivery hands over, from its order's
 * merchant or its item's seller. A seller cannot sell another one's file by naming its address.
 */
export async function readGrantedFile(
  on: Sql,
  fileId: string,
  deliveryId: string | undefined,
): Promise<StoredFile | undefined> {
  const [file] = await readStored(on, { fileId, deliveryId: deliveryId ?? null })
  return file
}

export type DeliveryCheck =
  | { outcome: 'open' }
  /** Used up: only links that were counted already go on working. */
  | { outcome: 'exhausted' }
  /** Withdrawn by the seller, or with its order. */
  | { outcome: 'revoked' }
  | { outcome: 'unpaid' }
  | { outcome: 'unknown' }

/** What becomes of a delivery in each state of its order: nothing before it is accepted, nothing after it was undone. */
const byOrder: Record<OrderState, 'open' | 'unpaid' | 'revoked'> = {
  pending: 'unpaid',
  pending_payment: 'unpaid',
  payment_failed: 'unpaid',
  in_review: 'unpaid',
  accepted: 'open',
  confirmed: 'open',
  fulfilled: 'open',
  complete: 'open',
  returned: 'revoked',
  blocked: 'revoked',
  cancelled: 'revoked',
}

const readStanding = statement<{ deliveryId: string }>()((db, $) =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('orders as o', 'o.id', 'd.order_id')
    .select((d) => [
      deliveryState(d.ref('d.state')).as('state'),
      sql<boolean>`coalesce(${d('d.download_count', '>=', d.ref('d.download_limit'))}, false)`.as('usedUp'),
      'o.state as orderState',
    ])
    .where('d.id', '=', $.deliveryId),
)

/** Why a delivery that is not open is refused. */
export const deliveryRefusals = {
  exhausted: 'download_limit_reached',
  revoked: 'delivery_revoked',
  unpaid: 'order_not_paid',
  unknown: 'not_found',
} as const satisfies Record<Exclude<DeliveryCheck['outcome'], 'open'>, ErrorCode>

/** @throws ApiError `download_limit_reached`, `delivery_revoked`, `order_not_paid`, `not_found` for a delivery that is not open at this moment */
export async function requireOpen(on: Sql, deliveryId: string): Promise<void> {
  const { outcome } = await checkDelivery(on, deliveryId)
  if (outcome !== 'open') throw new ApiError(deliveryRefusals[outcome])
}

/**
 * Where what a delivery hands over as a file or an address is fetched: a file of ours by a link that works for some minutes, one that the
 * seller keeps elsewhere by its own address. @throws ApiError `not_found` for a file that is gone
 */
export async function addressOfDelivery(
  parts: FileParts,
  { deliveryId, contentType, content }: { deliveryId: string; contentType: 'file' | 'link'; content: string },
): Promise<string> {
  const fileId = contentType === 'file' ? fileIdOfUrl(parts, content) : undefined
  return fileId ? createDownloadUrl(parts, { fileId, deliveryId }) : content
}

/** Whether a delivery may be downloaded at this moment. */
export async function checkDelivery(on: Sql, deliveryId: string): Promise<DeliveryCheck> {
  const [delivery] = await readStanding(on, { deliveryId })
  if (!delivery) return { outcome: 'unknown' }
  const standing = byOrder[delivery.orderState]
  if (standing === 'unpaid') return { outcome: 'unpaid' }
  if (standing === 'revoked' || delivery.state === 'revoked') return { outcome: 'revoked' }
  return { outcome: delivery.usedUp ? 'exhausted' : 'open' }
}

const insertDownload = statement<{ download: NewRow<'downloads'> }>()((_, $) =>
  insertRows('downloads', $.download)
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .returning('file_id'),
)

const countUp = statement<{ deliveryId: string }>()((db, $) =>
  db
    .updateTable('deliveries')
    .set((d) => ({ download_count: d('download_count', '+', 1) }))
    .where('id', '=', $.deliveryId)
    .where('state', '=', 'delivered')
    .where((d) => d.or([d('download_limit', 'is', null), d('download_count', '<', d.ref('download_limit'))]))
    .returning('id'),
)

/**
 * Counts the first request of a link, whichever part of the file it asks for: later ones resume it and cost nothing. Of many
 * links at once exactly as many get through as the limit allows; the update's row lock lets one count after the other.
 * @throws ApiError `download_limit_reached`
 */
export async function countDownload(
  { database }: FileParts,
  token: string,
  grant: { deliveryId: string; fileId: string },
): Promise<void> {
  const { deliveryId, fileId } = grant
  await database.transaction(async (tx) => {
    const first = await insertDownload(tx, {
      download: { token_hash: hashOf(token), delivery_id: deliveryId, file_id: fileId },
    })
    if (first.length === 0) return
    const counted = await countUp(tx, { deliveryId })
    // Rolls the insert back: a link that did not get through is not one that did.
    if (counted.length === 0) throw new ApiError('download_limit_reached')
  })
}

const findDownload = statement<{ hash: string }>()((db, $) =>
  db.selectFrom('downloads').select('at').where('token_hash', '=', $.hash),
)

/** Whether a link has been counted before, and may therefore be resumed although the limit is reached. */
export async function wasCounted(on: Sql, token: string): Promise<boolean> {
  const rows = await findDownload(on, { hash: hashOf(token) })
  return rows.length > 0
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
