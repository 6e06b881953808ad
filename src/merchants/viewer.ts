import { type Expression, type SqlBool, sql } from 'kysely'
import type { Holes, HoleTypes } from '../database/statement.ts'
import type { KeyOwner } from './api-keys.ts'

/** Whose things somebody may see and touch: all of a merchant, or only what was made with one publishable key. */
export type Viewer = { merchantId: string; apiKeyId?: string | undefined }

/**
 * What the holder of a key may see and touch, decided here for every route: a secret key everything of its merchant, a
 * publishable key, which stands in a page and belongs to everybody who reads it, only the carts, orders and sources made with it.
 */
export const viewerOf = ({ merchantId, apiKeyId, kind }: KeyOwner): Viewer =>
  kind === 'secret' ? { merchantId } : { merchantId, apiKeyId }

/** The values of {@link visible} for a viewer. */
export type ViewerValues = { viewerId: string; viewerKeyId: string | null }
export const viewerTypes: HoleTypes<ViewerValues> = { viewerId: 'text', viewerKeyId: 'text' }
export const viewerValues = ({ merchantId, apiKeyId }: Viewer): ViewerValues => ({
  viewerId: merchantId,
  viewerKeyId: apiKeyId ?? null,
})

/** The condition of a viewer on a row with a merchant and the key that made it; a statement with it takes {@link viewerValues}. */
export const visible = (
  merchantId: Expression<string>,
  apiKeyId: Expression<string | null>,
  $: Holes<ViewerValues>,
): Expression<SqlBool> =>
  sql<SqlBool>`(${merchantId} = ${$.viewerId} and (${$.viewerKeyId.typed('text')} is null or ${apiKeyId} = ${$.viewerKeyId}))`
