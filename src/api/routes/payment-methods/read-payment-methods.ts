import { createRoute, z } from '@hono/zod-openapi'
import { creditIn } from '../../../charges/payment-session.ts'
import { type Checkout, readCheckout } from '../../../checkouts/checkout.ts'
import { type SourceType, sourceTypeNames, sourceTypes } from '../../../providers/source-types.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json } from '../../schemas.ts'

const methodsSchema = z
  .object({
    types: z.array(
      z.object({
        type: z.enum(sourceTypeNames),
        flow: z.enum(['standard', 'redirect', 'receiver']),
        supportsStorage: z.boolean().openapi({ description: 'It can be kept with a customer and charged again.' }),
      }),
    ),
    cardForm: z
      .object({ script: z.url(), key: z.string() })
      .nullable()
      .openapi({ description: "The provider's script for card fields in a page, and the key it works with." }),
  })
  .openapi('PaymentMethods')

/** What is left to be paid of a checkout, in minor units, and whether a credit pays a part of it. */
type Due = { currency: string; amount: number; besideCredit: boolean }

/**
 * `GET /v2/payment-methods`: what a buyer can make a source of, and how a page shows card fields. With `sessionId`, the payment
 * session of a checkout, only what pays its currency and what a credit leaves of its amount.
 */
export function registerReadPaymentMethods(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/payment-methods',
    tags: ['Sources'],
    summary: 'List the ways to pay',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: { query: z.object({ sessionId: z.uuid().optional() }) },
    responses: { 200: json(methodsSchema, 'The ways to pay.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { sessionId } = c.req.valid('query')
    const payable = sessionId
      ? await readCheckout(parts.database.sql, c.get('caller').merchantId, sessionId)
      : undefined
    const due = payable && dueOf(payable)
    const offering = [...parts.providers.values()].find(({ sources }) => sources)
    const types = offering ? sourceTypeNames.filter((type) => !due || pays(type, due)) : []
    return c.json(
      {
        types: types.map((type) => ({
          type,
          flow: sourceTypes[type].flow,
          supportsStorage: sourceTypes[type].reusable,
        })),
        cardForm: offering?.cardForm ?? null,
      },
      200,
    )
  })
}

function dueOf({ currency, totalAmount, sources }: Checkout): Due {
  const credit = creditIn(sources, totalAmount)
  return { currency, amount: totalAmount - credit, besideCredit: credit > 0 }
}

function pays(type: SourceType, { currency, amount, besideCredit }: Due): boolean {
  const { currencies, amounts, manualCapture } = sourceTypes[type]
  if (besideCredit && !manualCapture) return false
  if (currencies && !currencies.includes(currency)) return false
  return !amounts || (amount >= amounts.least && amount <= amounts.most)
}
