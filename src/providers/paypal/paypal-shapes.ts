import { z } from 'zod'

// What is read of PayPal's objects; what else they have passes by. https://developer.paypal.com/docs/api/orders/v2/

const id = z.string().min(1).max(64)
const word = z.string().min(1).max(255)

export const moneyShape = z.looseObject({ currency_code: z.string().max(10), value: z.string().max(32) })

const link = z.looseObject({ href: z.string().max(2_000), rel: z.string().max(50) })

const details = z.looseObject({ reason: z.string().max(64).optional() }).optional()

const related = z
  .looseObject({
    related_ids: z
      .looseObject({ order_id: id.optional(), authorization_id: id.optional(), capture_id: id.optional() })
      .optional(),
  })
  .optional()

export const captureShape = z.looseObject({
  id,
  status: word,
  status_details: details,
  amount: moneyShape,
  custom_id: z.string().max(255).optional(),
  create_time: z.string().max(64).optional(),
  supplementary_data: related,
})

export const refundShape = z.looseObject({
  id,
  status: word,
  status_details: details,
  amount: moneyShape,
  custom_id: z.string().max(255).optional(),
  links: z.array(link).max(20).default([]),
})

export const authorizationShape = z.looseObject({
  id,
  status: word,
  amount: moneyShape,
  create_time: z.string().max(64).optional(),
  expiration_time: z.string().max(64).optional(),
})

export const orderShape = z.looseObject({
  id,
  status: word,
  intent: z.string().max(20).default('CAPTURE'),
  update_time: z.string().max(64).optional(),
  links: z.array(link).default([]),
  purchase_units: z
    .array(
      z.looseObject({
        amount: moneyShape.optional(),
        custom_id: z.string().max(255).optional(),
        payments: z
          .looseObject({
            captures: z.array(captureShape).default([]),
            refunds: z.array(refundShape).default([]),
            authorizations: z.array(authorizationShape).default([]),
          })
          .optional(),
      }),
    )
    .default([]),
})

const disputeBasics = {
  dispute_id: id,
  status: word,
  dispute_life_cycle_stage: word.optional(),
  dispute_amount: moneyShape.optional(),
  reason: z.string().max(255).optional(),
  seller_response_due_date: z.string().max(64).optional(),
}

export const disputeShape = z.looseObject({
  ...disputeBasics,
  dispute_outcome: z.looseObject({ outcome_code: word.optional() }).optional(),
  disputed_transactions: z
    .array(
      z.looseObject({
        seller_transaction_id: id.optional(),
        invoice_number: z.string().max(255).optional(),
        custom: z.string().max(2_000).optional(),
      }),
    )
    .default([]),
})

export type PayPalOrder = z.infer<typeof orderShape>
export type PayPalCapture = z.infer<typeof captureShape>
export type PayPalRefund = z.infer<typeof refundShape>
export type PayPalAuthorization = z.infer<typeof authorizationShape>
export type PayPalDispute = z.infer<typeof disputeShape>
