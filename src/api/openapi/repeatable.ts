import type { Answer, Operation } from './json-schema.ts'

const asked = 'says what should be so and may be said twice'
const again = 'does it anew each time, which is what it is for'
const byItself = 'is done once by itself'
const ofOperator = 'of an operator’s session, which has no keys'

/** POSTs that do not look at an `Idempotency-Key`, each with the reason. Every other one gives its first answer again. */
export const notRepeatable: Readonly<Record<string, string>> = {
  'POST /v2/carts/{id}/tax': asked,
  'POST /v2/checkouts/{id}': asked,
  'POST /v2/customers/{id}/sources/{sourceId}': asked,
  'POST /v2/orders/{id}/payment-intent': `${byItself}: the same payment is continued`,
  'POST /v2/orders/{id}/confirm-payment': asked,
  'POST /v2/orders/{id}/refresh': asked,
  'POST /v2/orders/{id}/cancel': `${byItself}: a cancelled order stays so`,
  'POST /v2/disputes/{id}/evidence': `${byItself}: evidence is sent once`,
  'POST /v2/settlements': `${byItself}: a line is entered once by its reference`,
  'POST /v2/settlements/refunds': `${byItself}: a refund is entered once by its reference`,
  'POST /v2/tax-rates': `${byItself}: a rate is its place, category and first day`,
  'POST /v2/selling-entities': `${byItself}: its id is the caller’s, and a second one is refused`,
  'POST /v2/selling-entities/{id}': asked,
  'POST /v2/webhook-endpoints/{id}/test': again,
  'POST /v2/webhook-endpoints/{id}/recover': again,
  'POST /v2/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver': again,
  'POST /v2/digital/upload': 'streams a file of any size; a second one costs its room until it is removed',
  'POST /v2/digital/products/{id}/licence-keys': `${byItself}: a key that is in the pool is not doubled`,
  'POST /v2/digital/orders/{id}/retry-delivery': again,
  'POST /v2/public/checkout/{slug}/pay': `${byItself}: the order of the same buyer is continued by its token`,
  'POST /v2/sessions': again,
  'POST /v2/ops/people': ofOperator,
  'POST /v2/ops/password': ofOperator,
  'POST /v2/ops/tasks/{id}/retry': ofOperator,
  'POST /v2/ops/payouts': ofOperator,
  'POST /v2/ops/payouts/{id}/fail': ofOperator,
  'POST /v2/ops/audits': ofOperator,
  'POST /v2/ops/audit-findings/{id}/explain': ofOperator,
  'POST /v2/ops/inbox/replay': ofOperator,
  'POST /v2/ops/denied-persons': ofOperator,
  'POST /v2/ops/commissions': ofOperator,
  'POST /shipping-quotes': asked,
  'POST /checkout/shipping-quotes': asked,
  'POST /webhooks/{provider}': `${byItself}: an event is stored once`,
}

/** Adds the header to what looks at it, and what a replayed answer carries. */
export function describeRepetition(key: string, operation: Operation): void {
  if (!key.startsWith('POST ') || key in notRepeatable) return
  operation.parameters = [
    ...(operation.parameters ?? []),
    {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'A name of your own for this request: sent again with the same body within 24 hours it gets the first answer.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      example: 'refund-of-complaint-17',
    },
  ]
  for (const [status, answer] of Object.entries(operation.responses)) if (status.startsWith('2')) showReplay(answer)
}

function showReplay(answer: Answer): void {
  answer.headers = {
    'Idempotent-Replayed': {
      description: '`true` where this is the answer of an earlier request with the same key.',
      schema: { type: 'string', const: 'true' },
      example: 'true',
    },
  }
}
