import type { Hono } from 'hono'
import type { SecretBox } from '../../../webhooks/out/endpoint-secret.ts'
import type { OrderLimit } from '../../middleware/rate-limit.ts'
import type { Member } from '../../pages/seller/frame.ts'
import type { OperationsParts } from '../ops/operations-parts.ts'

/** What the pages share beyond every route's parts. */
export type PageParts = OperationsParts & { orderLimit: OrderLimit; secrets: SecretBox }

/** What a page finds in its context; `member` on the dashboard only. */
export type PageEnv = { Variables: { requestId: string; member: Member } }

export type PageApp = Hono<PageEnv>
