import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import type { SplitView } from '../../../distribution/read-distribution.ts'
import { splitStates } from '../../../splits/split.state-machine.ts'
import { majorUnits } from '../../schemas.ts'

export const splitSchema = z
  .object({
    id: z.string(),
    orderId: z.string(),
    chargeId: z.string(),
    kind: z.string(),
    recipient: z.string(),
    destination: z.string().nullable(),
    sellerId: z.string().nullable(),
    amount: z.number(),
    currency: z.string(),
    state: z.enum(splitStates),
    settlementReference: z.string().nullable(),
    createdTime: z.string(),
  })
  .openapi('Split')

export function toSplitJson({ createdAt, amount, ...split }: SplitView): z.infer<typeof splitSchema> {
  return { ...split, amount: majorUnits(amount, split.currency), createdTime: iso(createdAt) }
}
