import type { FileParts, StoredFile } from '../files/files.ts'
import { ApiError } from '../platform/errors.ts'
import {
  checkDelivery,
  countDownload,
  deliveryRefusals,
  openGrant,
  readGrantedFile,
  wasCounted,
} from './download-grants.ts'

/** A file that the bearer of a link may have now, under the name it was given with. */
type Download = { file: StoredFile; filename: string }

/**
 * Opens a download link. `count` is false for a request that fetches nothing (HEAD).
 * @throws ApiError `not_found` for a token that is not ours or whose file is gone, `download_expired`, `order_not_paid`,
 * `delivery_revoked`, `download_limit_reached`
 */
export async function openDownload(parts: FileParts, token: string, { count }: { count: boolean }): Promise<Download> {
  const grant = openGrant(parts, token)
  const { sql } = parts.database
  if (grant.delivery !== undefined) await checkAccess(parts, token, grant.delivery)
  const file = await readGrantedFile(sql, grant.file, grant.delivery)
  if (!file) throw new ApiError('not_found')
  if (count && grant.delivery !== undefined) {
    await countDownload(parts, token, { deliveryId: grant.delivery, fileId: file.id })
  }
  return { file, filename: grant.name }
}

async function checkAccess({ database }: FileParts, token: string, deliveryId: string): Promise<void> {
  const { outcome } = await checkDelivery(database.sql, deliveryId)
  if (outcome === 'open') return
  if (outcome === 'exhausted' && (await wasCounted(database.sql, token))) return
  throw new ApiError(deliveryRefusals[outcome])
}
