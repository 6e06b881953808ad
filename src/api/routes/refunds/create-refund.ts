import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { statement } from '../../../database/statement.ts'
import { findStartedPrintJobs } from '../../../goods/call-off-goods.ts'
import { ApiError } from '../../../platform/errors.ts'
import { readRefund } from '../../../refunds/read-refunds.ts'
import { refundTypes } from '../../../refunds/refund.entity.ts'
import { requestRefund } from '../../../refunds/request-refund.ts'
import type { Transaction } from '../../../tasks/transaction.ts'
import { isDigitalRiver } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  amountSchema,
  currencySchema,
  errorResponses,
  idParam,
  json,
  jsonBody,
  metadataSchema,
  minorUnits,
  secretKey,
} from '../../schemas.ts'
import { refundSchema, toRefundJson } from './refund-json.ts'

const percent = z.number().min(0.01).max(100).optional()
const atMostOne = (...values: unknown[]) => values.filter((value) => value !== undefined).length <= 1

const inputSchema = z
  .object({
    orderId: idParam,
    currency: currencySchema.optional(),
    amount: amountSchema.optional(),
    percent,
    items: z
      .array(
        z
          .object({
            itemId: idParam.optional(),
            skuId: idParam.optional().openapi({ description: 'Names the line where `itemId` does not.' }),
            quantity: z.number().int().min(1).optional(),
            amount: amountSchema.optional(),
            percent,
            type: z.enum(['shipping', 'fees', 'duty']).optional(),
          })
          .refine((item) => atMostOne(item.amount, item.percent), 'give amount or percent')
          .refine((item) => item.itemId ?? item.skuId, 'give itemId or skuId'),
      )
      .min(1)
      .max(500)
      .optional(),
    shipping: z
      .union([z.literal(true), amountSchema])
      .optional()
      .openapi({ description: 'All shipping that is left, or so much of it.' }),
    sellerId: idParam.optional().openapi({ description: 'Only what this seller has sold.' }),
    type: z.enum(refundTypes).optional(),
    force: z.boolean().optional().openapi({ description: 'Refund although goods are on their way already.' }),
    reason: z.string().max(64).optional(),
    metadata: metadataSchema.default({}),
  })
  .refine((input) => atMostOne(input.amount, input.percent, input.items), 'give amount, percent or items')
  .refine((input) => !(input.type && input.items), 'give the type of each item, or of the whole')
  .refine(
    (input) => input.shipping === undefined || atMostOne(input.shipping, input.amount, input.percent, input.type),
    'give shipping by itself or beside items',
  )

/** `POST /v2/refunds`: gives money of an order back, takes the shares back, and revokes downloads with the last of it. */
export function registerCreateRefund(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/refunds',
    tags: ['Refunds'],
    summary: 'Refund an order, wholly or in part',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(inputSchema),
    responses: { 201: json(refundSchema, 'The refund; it is on its way.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { amount, items, shipping, ...input } = c.req.valid('json')
    const started = await findStartedPrintJobs(parts, { orderId: input.orderId, merchantId })
    const answer = await answerOnce(c, parts, async (tx) => {
      const currency = await currencyOf(tx, { orderId: input.orderId, merchantId })
      const minor = (major: number, parameter: string) => minorUnits(major, currency, parameter)
      const id = await requestRefund(tx, {
        ...input,
        merchantId,
        started,
        amount: amount === undefined ? undefined : minor(amount, 'amount'),
        shipping: typeof shipping === 'number' ? minor(shipping, 'shipping') : shipping,
        items: items?.map((item, index) => ({
          ...item,
          amount:
            item.amount === undefined ? undefined : minor(item.amount, `items.${index}.amount`) * piecesOf(c, item),
        })),
      })
      const refund = await readRefund(tx.sql, merchantId, id)
      if (!refund) throw new Error(`refund ${id} was not stored`)
      return { status: 201 as const, body: toRefundJson(refund) }
    })
    return c.json(answer.body as z.infer<typeof refundSchema>, answer.status)
  })
}

/** Beside a quantity Digital River's clients say what goes back of one piece; ours what goes back of all of them. */
const piecesOf = (c: Context, { quantity = 1 }: { quantity?: number | undefined }): number =>
  isDigitalRiver(c) ? quantity : 1

const readCurrency = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('orders')
    .select('currency')
    .where('id', '=', $.orderId)
    .where('merchant_id', '=', $.merchantId)
    .where('draft', '=', false),
)

async function currencyOf(tx: Transaction, target: { orderId: string; merchantId: string }): Promise<string> {
  const [order] = await readCurrency(tx, target)
  if (!order) throw new ApiError('not_found', { parameter: 'orderId' })
  return order.currency
}
