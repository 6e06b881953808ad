import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Sql } from '../database/database.ts'
import { deliveryStateSql } from '../orders/held-by-dispute.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { ApiError } from '../platform/errors.ts'
import { type FileParts, fileColumns, type StoredFile } from './files.ts'

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

/**
 * The file of a grant as the database knows it now: still stored, and still what the delivery hands over, from its order's
 * merchant or its item's seller. A seller cannot sell another one's file by naming its address.
 */
export async function readGrantedFile(
  sql: Sql,
  fileId: string,
  deliveryId: string | undefined,
): Promise<StoredFile | undefined> {
  const [file] = await sql<StoredFile>(
    `select ${fileColumns} from files f
     where f.id = $1 and f.state = 'stored' and ($2::text is null or exists (
       select 1 from deliveries d join orders o on o.id = d.order_id left join order_items i on i.id = d.order_item_id
       where d.id = $2 and f.merchant_id in (o.merchant_id, i.seller_id) and position(f.id in d.content) > 0
     ))`,
    [fileId, deliveryId ?? null],
  )
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

/** What becomes of a delivery in each state of its order (I8): nothing before it is accepted, nothing after it was undone. */
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

/** Whether a delivery may be downloaded at this moment (R270–R272). */
export async function checkDelivery(sql: Sql, deliveryId: string): Promise<DeliveryCheck> {
  const [delivery] = await sql<{ state: string; usedUp: boolean; orderState: OrderState }>(
    `select ${deliveryStateSql('o', 'd')} as state, coalesce(d.download_count >= d.download_limit, false) as "usedUp", o.state as "orderState"
     from deliveries d join orders o on o.id = d.order_id where d.id = $1`,
    [deliveryId],
  )
  if (!delivery) return { outcome: 'unknown' }
  const standing = byOrder[delivery.orderState]
  if (standing === 'unpaid') return { outcome: 'unpaid' }
  if (standing === 'revoked' || delivery.state === 'revoked') return { outcome: 'revoked' }
  return { outcome: delivery.usedUp ? 'exhausted' : 'open' }
}

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
  await database.transaction(async ({ sql }) => {
    const first = await sql<{ fileId: string }>(
      `insert into downloads (token_hash, delivery_id, file_id) values ($1, $2, $3)
       on conflict (token_hash) do nothing returning file_id as "fileId"`,
      [hashOf(token), grant.deliveryId, grant.fileId],
    )
    if (first.length === 0) return
    const counted = await sql<{ id: string }>(
      `update deliveries set download_count = download_count + 1
       where id = $1 and state = 'delivered' and (download_limit is null or download_count < download_limit) returning id`,
      [grant.deliveryId],
    )
    // Rolls the insert back: a link that did not get through is not one that did.
    if (counted.length === 0) throw new ApiError('download_limit_reached')
  })
}

/** Whether a link has been counted before, and may therefore be resumed although the limit is reached. */
export async function wasCounted(sql: Sql, token: string): Promise<boolean> {
  const rows = await sql<{ at: string }>('select at from downloads where token_hash = $1', [hashOf(token)])
  return rows.length > 0
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
