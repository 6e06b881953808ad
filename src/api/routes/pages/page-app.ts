import type { Hono } from 'hono'
import type { SecretBox } from '../../../platform/secret-box.ts'
import type { Member } from '../../pages/seller/frame.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** What the pages share beyond every route's parts. */
export type PageParts = ApiParts & { secrets: SecretBox }

/** What a page finds in its context; `member` on the dashboard only. */
export type PageEnv = { Variables: { requestId: string; member: Member } }

export type PageApp = Hono<PageEnv>
