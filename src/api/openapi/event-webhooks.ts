import { eventTypes } from '../../timeline/event-types.ts'
import { exampleOf } from './example-of.ts'
import { type Document, type PathItem, refTo, type Schema } from './json-schema.ts'

/** What `data.object` is, by how the type of the event begins; the first that fits. */
const objects: readonly [start: string, component: string][] = [
  ['checkout_session.', 'Order'],
  ['checkout.', 'Checkout'],
  ['customer.source.', 'Source'],
  ['customer.tax_identifier.', 'TaxIdentifier'],
  ['customer.', 'Customer'],
  ['fulfillment.', 'Fulfillment'],
  ['refund.', 'Refund'],
  ['return.', 'Return'],
  ['source.', 'Source'],
  ['tax_identifier.', 'TaxIdentifier'],
  ['order.', 'Order'],
  ['delivery.', 'Order'],
]

/** The webhooks of the document: every event with its payload. */
export function eventWebhooks({ components }: Document): Record<string, PathItem> {
  return Object.fromEntries(
    eventTypes.map((type) => {
      const component = objects.find(([start]) => type.startsWith(start))?.[1]
      const schema = eventOf(type, component)
      const example = exampleOf(components.schemas, schema, { component: 'Event', withOptional: true })
      const operation = {
        operationId: `on${type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
        summary: type,
        description: component
          ? `Sent with the ${component} as it was when this happened.`
          : 'Sent by `POST /v2/webhook-endpoints/{id}/test`.',
        tags: ['Events'],
        security: [],
        requestBody: { required: true, content: { 'application/json': { schema, example } } },
        responses: {
          '2XX': { description: 'Taken. Everything else is sent again.' },
          '4XX': { description: 'Not taken; 410 ends all deliveries to this endpoint.' },
        },
      }
      return [type, { post: operation }]
    }),
  )
}

const eventOf = (type: string, component: string | undefined): Schema => ({
  allOf: [
    refTo('Event'),
    {
      type: 'object',
      properties: {
        type: { type: 'string', const: type, description: 'What happened.' },
        data: {
          type: 'object',
          description: 'What it happened to.',
          properties: {
            object: component
              ? { ...refTo(component), description: 'The resource, as it was when the event happened.' }
              : { type: 'object', description: 'Means nothing.' },
          },
          required: ['object'],
        },
      },
      required: ['type', 'data'],
    },
  ],
})
