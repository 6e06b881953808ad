import type { Provider } from './books.ts'
import { underFault } from './faults.ts'
import { type Answer, asRecord, type Exchange, jsonBody, type Route } from './http.ts'
import type { World } from './world.ts'

/** One call to a provider that speaks JSON. */
export type JsonCall = {
  id: string
  path: Record<string, string>
  body: Record<string, unknown>
  query: URLSearchParams
  exchange: Exchange
}

/** Thrown by a handler that answers with an error. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super('refused')
    this.answer = answer
  }
}

export type JsonEndpoint = (
  method: string,
  path: string,
  operation: string,
  handle: (call: JsonCall) => Answer,
) => Route

/** Wraps handlers in what the endpoints of a JSON provider share: its authentication, faults and error bodies. */
export function jsonEndpoints(
  world: World,
  provider: Provider,
  manners: {
    prefix: string
    unauthorized: (exchange: Exchange) => Answer | undefined
    trouble: (status: number) => Answer
  },
): JsonEndpoint {
  return (method, path, operation, handle) => ({
    method,
    path: `${manners.prefix}/${path}`,
    handle: (exchange) => {
      const refused = manners.unauthorized(exchange)
      if (refused) return refused
      const execute = () => {
        try {
          const { id = '' } = exchange.params
          const query = new URLSearchParams(exchange.query)
          return handle({ id, path: exchange.params, body: jsonBody(exchange), query, exchange })
        } catch (error) {
          if (error instanceof Refusal) return error.answer
          throw error
        }
      }
      return underFault(world.faults.take(provider, operation), execute, manners.trouble)
    },
  })
}

/** A text field of a JSON object, or null. */
export function textOrNull(from: Record<string, unknown>, name: string): string | null {
  const value = from[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** The objects of a list field; anything else in it is left out. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asRecord) : []
}

/** The id of an order, or of the cart it is made of, inside a caller's reference, which may carry more, e.g. `ord_1-fulfillment-2`; else the reference. */
export function orderIn(reference: string | null): string | null {
  return /ord_[A-Za-z0-9]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(reference ?? '')?.[0] ?? reference
}

/** Minor units as the decimal text that these providers write, e.g. `8.20`. */
export function decimal(minorUnits: number): string {
  return (minorUnits / 100).toFixed(2)
}
