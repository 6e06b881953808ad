import { z } from 'zod'
import { isCurrency } from '../../platform/money.ts'

const id = z.string().min(1).max(255)
const amount = z.number().int()
const currency = z.string().refine((code) => isCurrency(code.toUpperCase()))
const reference = z.union([id, z.looseObject({ id })]).nullish()

/** What every object of an event may carry to say which payment it is about. */
const eventObjectSchema = z.looseObject({
  // A balance, for one, has none.
  id: id.optional(),
  object: z.string().max(100).optional(),
  metadata: z.record(z.string(), z.string()).nullish(),
  payment_intent: reference,
})

export type EventObject = z.infer<typeof eventObjectSchema>

/** An event as the inbox needs it: https://docs.stripe.com/api/events/object */
export const stripeEventSchema = z.looseObject({
  id,
  type: id,
  created: z.number().int().min(0).max(8.64e12),
  livemode: z.boolean(),
  account: z.string().max(255).nullish(),
  data: z.looseObject({ object: eventObjectSchema }),
})

const chargeSchema = z.looseObject({
  id,
  status: z.string(),
  currency,
  amount,
  captured: z.boolean(),
  amount_captured: amount,
  outcome: z.looseObject({}).nullish(),
  payment_method_details: z.looseObject({}).nullish(),
})

/** What is read of an object, by the beginning of its event's type; the longest comes first. */
const objectSchemas: readonly (readonly [prefix: string, z.ZodType])[] = [
  [
    'payment_intent.',
    z.looseObject({
      id,
      status: z.string(),
      currency,
      amount,
      amount_capturable: amount,
      amount_received: amount,
      latest_charge: z.union([id, chargeSchema]).nullish(),
      last_payment_error: z.looseObject({}).nullish(),
      next_action: z.looseObject({}).nullish(),
    }),
  ],
  ['charge.dispute.', z.looseObject({ id, status: z.string().max(100), amount, currency })],
  ['charge.refund.', z.looseObject({ id, amount, currency, status: z.string().nullish() })],
  ['refund.', z.looseObject({ id, amount, currency, status: z.string().nullish() })],
  ['charge.expired', z.looseObject({ id })],
  ['charge.refunded', chargeSchema.extend({ amount_refunded: amount })],
  ['charge.', chargeSchema],
  ['review.', z.looseObject({ closed_reason: z.string().nullish() })],
  [
    'transfer.',
    z.looseObject({
      id,
      amount_reversed: amount,
      currency: z.string(),
      reversals: z.looseObject({ data: z.array(z.looseObject({ id, amount, currency: z.string() })) }).nullish(),
    }),
  ],
  ['setup_intent.', z.looseObject({ id, status: z.string() })],
]

/** Whether an event's object has what its type needs to be understood; true for types that nobody reads. */
export function isReadable(type: string, body: Record<string, unknown>): boolean {
  const schema = objectSchemas.find(([prefix]) => type.startsWith(prefix))?.[1]
  return schema === undefined || schema.safeParse(body).success
}
