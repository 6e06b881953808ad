import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import type { MakePlay } from './play.ts'

export const stripePlay: MakePlay = (_system, shop) => {
  const confirm = ({ clientSecret }: { clientSecret: string | null }, card?: string) =>
    shop.confirm(clientSecret ?? '', card)
  const dashboard = (path: string, body: object) => shop.sandbox('POST', `/sandbox/stripe/dashboard/${path}`, body)
  return {
    method: 'STRIPE',
    provider: 'stripe',
    currency: 'USD',
    payments: 'paymentIntents',
    clientSecretNeeded: true,
    operations: { create: 'payment_intents.create', refund: 'refunds.create' },
    ready: () => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', enabledEvents: stripeEventTypes }),
    pay: (paying) => confirm(paying),
    decline: (paying) => confirm(paying, 'pm_card_chargeDeclined'),
    refundThere: ({ reference }, amount) => dashboard('refunds', { payment_intent: reference, amount }),
    async dispute({ reference }, status) {
      const { id } = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
        payment_intent: reference,
        reason: 'fraudulent',
      })
      await shop.sandbox('POST', `/sandbox/stripe/disputes/${id}/close`, { status })
    },
  }
}
