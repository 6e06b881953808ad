import { createRoute, z } from '@hono/zod-openapi'
import { type Balance, readBalances } from '../../../payouts/read-balances.ts'
import { toMajor } from '../../../platform/money.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, secretKey } from '../../schemas.ts'
import { ofMerchant, ofRecipient, ownerOf } from './owner.ts'

const balanceSchema = z
  .object({
    currency: z.string(),
    available: z.number().openapi({ description: 'What may be paid out. It may be below zero.' }),
    pending: z.number().openapi({ description: 'The share of captured payments that are not shared out yet.' }),
    reserved: z.number().openapi({ description: 'The share of payments that are disputed.' }),
    heldBack: z.number().openapi({
      description:
        'Shares that are too young to be paid out, are settled outside, or are about to be transferred again.',
    }),
  })
  .openapi('Balance')

/** `GET /v2/balances`: what the caller, one of its sellers, or a recipient of either has. */
export function registerReadBalances(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/balances',
    tags: ['Balances'],
    summary: 'Read the balances',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { query: z.object({ merchantId: ofMerchant, recipientId: ofRecipient }) },
    responses: { 200: json(z.object({ data: z.array(balanceSchema) }), 'One of each currency.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const owner = await ownerOf(c, parts, c.req.valid('query'))
    const balances = await readBalances(parts.database.sql, owner, parts.config.payouts)
    return c.json({ data: balances.map(toBalance) }, 200)
  })
}

const toBalance = ({ currency, available, pending, reserved, heldBack }: Balance) => ({
  currency,
  available: toMajor(available, currency),
  pending: toMajor(pending, currency),
  reserved: toMajor(reserved, currency),
  heldBack: toMajor(heldBack, currency),
})
