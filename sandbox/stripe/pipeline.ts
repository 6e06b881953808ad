import qs from 'qs'
import { underFault } from '../faults.ts'
import { type Answer, credential, type Exchange, json, type Reply, type Route } from '../http.ts'
import { formFields, isForm } from '../multipart.ts'
import type { World } from '../world.ts'
import { invalidParameter, refusalAnswer, StripeRefusal, troubleAnswer } from './errors.ts'
import { expanded } from './expand.ts'
import { type Params, texts } from './params.ts'
import type { StripeState } from './state.ts'
import { platform } from './unpaid-transactions.ts'

/**
 * Who caused an event: the ids that Stripe repeats in `event.request`, and the connected account that it happened in,
 * if that is not the platform's own.
 */
export type Cause = { requestId: string | null; idempotencyKey: string | null; account?: string }

/** The cause of what Stripe does on its own. */
export const itself: Cause = { requestId: null, idempotencyKey: null }

/** One authenticated call. `publishable` calls come from a browser and prove themselves by a client secret. */
export type StripeCall = Cause & { id: string; path: Record<string, string>; params: Params; publishable: boolean }

/** Whose money a call is about: the account that its `Stripe-Account` header names, or the platform. */
export const ownerOf = ({ account }: Cause) => account ?? platform

export type StripeHandler = (call: StripeCall) => object

/** Defines one endpoint; `operation` is the name that faults use. Handlers run to their end without awaiting. */
export type Endpoint = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  operation: string,
  handler: StripeHandler,
) => Route

/** Endpoints that a publishable key with the object's client secret may call. */
const forBrowsers = new Set([
  'payment_intents.confirm',
  'payment_intents.retrieve',
  'setup_intents.confirm',
  'setup_intents.retrieve',
  'payment_methods.create',
])

/** Wraps handlers in what all Stripe endpoints share: authentication, idempotency, faults, expansion, error bodies. */
export function stripeEndpoints(world: World, state: StripeState): Endpoint {
  return (method, path, operation, handler) => ({
    method,
    path: `/v1/${path}`,
    handle: (exchange) => {
      const requestId = world.mintId('req')
      const publishable = authenticate(exchange, operation)
      if (typeof publishable !== 'boolean') return labelled(publishable, requestId, exchange)
      const fault = world.faults.take('stripe', operation)
      const key = method === 'POST' ? idempotencyKey(exchange) : null
      const earlier = key === null ? undefined : state.idempotency.claim(key, exchange, requestId)
      const replay = earlier && labelled(earlier, requestId, exchange)
      if (replay) return underFault(fault, () => replay, troubleAnswer)

      const execute = () => {
        const call = {
          requestId,
          idempotencyKey: key,
          publishable,
          path: exchange.params,
          ...accountOf(exchange),
          id: exchange.params.id ?? '',
        }
        const answer = run(state, handler, exchange, call)
        if (key !== null && answer.began) state.idempotency.keep(key, answer)
        return labelled(answer, requestId, exchange)
      }
      const refuse = (status: number) => {
        const answer = troubleAnswer(status)
        // Stripe keeps the 500 of a request that had begun and replays it, whatever really happened inside.
        if (key !== null && fault?.after) state.idempotency.keep(key, answer)
        return labelled(answer, requestId, exchange)
      }
      const reply = underFault(fault, execute, refuse)
      if (key === null) return reply
      if (reply instanceof Promise) return reply.finally(() => state.idempotency.release(key))
      state.idempotency.release(key)
      return reply
    },
  })
}

function authenticate(exchange: Exchange, operation: string): boolean | Answer {
  const secret = credential(exchange.headers)
  if (!secret) {
    const message =
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
    return json({ error: { type: 'invalid_request_error', message } }, 401)
  }
  if (secret.startsWith('sk_') || secret.startsWith('rk_')) return false
  if (secret.startsWith('pk_') && forBrowsers.has(operation)) return true
  const message = secret.startsWith('pk_')
    ? 'This API call cannot be made with a publishable API key. Please use a secret API key.'
    : 'Invalid API Key provided.'
  const code = secret.startsWith('pk_') ? 'secret_key_required' : 'api_key_invalid'
  return json({ error: { type: 'invalid_request_error', code, message } }, secret.startsWith('pk_') ? 403 : 401)
}

function accountOf(exchange: Exchange): { account?: string } {
  const account = exchange.headers['stripe-account']
  return typeof account === 'string' && account !== '' ? { account } : {}
}

function idempotencyKey(exchange: Exchange): string | null {
  const key = exchange.headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? key : null
}

type Outcome = Answer & { began: boolean }

function run(
  state: StripeState,
  handler: StripeHandler,
  exchange: Exchange,
  call: Omit<StripeCall, 'params'>,
): Outcome {
  try {
    if ((call.idempotencyKey?.length ?? 0) > 255)
      throw invalidParameter('Idempotency keys must be 255 characters or less.')
    const params = paramsOf(exchange)
    const object = handler({ ...call, params })
    const expand = texts(params, 'expand')
    return { ...json(expand ? expanded(state, object, expand) : object), began: true }
  } catch (error) {
    if (!(error instanceof StripeRefusal)) {
      if (call.idempotencyKey !== null) state.idempotency.release(call.idempotencyKey)
      throw error
    }
    return { ...refusalAnswer(error), began: error.began }
  }
}

function paramsOf({ method, headers, body, query }: Exchange): Params {
  const { 'content-type': contentType = '' } = headers
  if (isForm(contentType)) return formFields(contentType, body)
  return qs.parse(method === 'POST' ? body : query, { depth: 6, arrayLimit: 100 })
}

function labelled(answer: Answer, requestId: string, exchange: Exchange): Answer & Reply {
  const version = exchange.headers['stripe-version']
  const key = exchange.headers['idempotency-key']
  return {
    ...answer,
    headers: {
      ...answer.headers,
      // Pages of any site call with a publishable key.
      ...(exchange.headers.origin ? { 'access-control-allow-origin': '*' } : {}),
      'request-id': requestId,
      ...(typeof version === 'string' ? { 'stripe-version': version } : {}),
      ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
    },
  }
}
