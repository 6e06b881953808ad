import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../../platform/errors.ts'
import { toStorableJson } from '../../platform/storable.ts'
import type { ProviderEvent } from '../observations.ts'
import { chargeOfCart } from './telr-orders.ts'
import type { TelrSettings } from './telr-settings.ts'

/** What an advice is signed over, in this order, behind the secret; `tran_order` only where the merchant has Telr send it. */
const beforeOrder = ['store', 'type', 'class', 'test', 'ref', 'prevref', 'firstref']
const afterOrder = ['currency', 'amount', 'cartid', 'desc', 'status', 'authcode', 'authmessage']

/** What an update may say: payments, what cancels them, and refunds; and how a transaction ended. */
const updateTypes: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8']
const updateStatuses: readonly string[] = ['A', 'H', 'P', 'D', 'E', 'C', 'X']

const id = /^[\w.-]{1,63}$/

/**
 * Reads one of Telr's two callbacks, both of them forms. An advice is signed; an update is not, and no more than a hint: it is kept only about
 * a payment that is known, and once for each thing that it can say, so that whoever makes updates up causes a few questions at most.
 * @throws ApiError `invalid_signature`, `invalid_event`
 */
export function readTelrWebhook(settings: TelrSettings, rawBody: string): ProviderEvent {
  const form = new URLSearchParams(rawBody)
  return form.has('tran_check') ? readAdvice(settings, form) : readUpdate(settings, form)
}

const fieldOf = (form: URLSearchParams, name: string): string => (form.get(`tran_${name}`) ?? '').trim()

function readAdvice({ webhookSecrets, store }: TelrSettings, form: URLSearchParams): ProviderEvent {
  const given = fieldOf(form, 'check').toLowerCase()
  const isSignedOver = (...order: string[]) => {
    const names = [...beforeOrder, ...order, ...afterOrder]
    return webhookSecrets.some((secret) => isEqual(given, checkOf(secret, form, names)))
  }
  const ordersAreSigned = isSignedOver('order')
  if (!ordersAreSigned && !isSignedOver()) throw new ApiError('invalid_signature')
  const [cartid, ref, status] = [fieldOf(form, 'cartid'), fieldOf(form, 'ref'), fieldOf(form, 'status').toUpperCase()]
  const type = fieldOf(form, 'type').toLowerCase().replaceAll(' ', '_')
  // Whoever repeats an advice may have added an order that is not signed.
  const order = ordersAreSigned ? fieldOf(form, 'order') : ''
  for (const [name, value] of Object.entries({ cartid, ref, type, status }))
    if (!id.test(value)) throw new ApiError('invalid_event', { parameter: `tran_${name}` })
  if (fieldOf(form, 'store') !== store) throw new ApiError('invalid_event', { parameter: 'tran_store' })
  return {
    eventId: ['advice', ref, type, status].join('-'),
    account: '',
    type: `advice.${type}.${status}`,
    reference: id.test(order) ? order : undefined,
    chargeId: chargeOfCart(cartid),
    occurredAt: undefined,
    // Nothing of the buyer is needed, and so nothing of theirs is kept.
    body: toStorableJson(kept(form, [...beforeOrder, ...afterOrder])) as Record<string, unknown>,
    liveMode: fieldOf(form, 'test') !== '1',
    relevant: chargeOfCart(cartid) !== undefined,
    echo: false,
  }
}

function readUpdate({ test }: TelrSettings, form: URLSearchParams): ProviderEvent {
  const [cartid, type] = [fieldOf(form, 'cartid'), fieldOf(form, 'type')]
  const status = fieldOf(form, 'authstatus').toUpperCase()
  if (!id.test(cartid) || !updateTypes.includes(type)) throw new ApiError('invalid_signature')
  const known = updateStatuses.includes(status) ? status : 'none'
  return {
    eventId: ['update', cartid, type, known].join('-'),
    account: '',
    type: `update.${type}.${known}`,
    reference: undefined,
    chargeId: chargeOfCart(cartid),
    occurredAt: undefined,
    body: {},
    liveMode: !test,
    relevant: chargeOfCart(cartid) !== undefined,
    echo: false,
    hint: true,
  }
}

const kept = (form: URLSearchParams, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`tran_${name}`, fieldOf(form, name)]))

/** Telr's check: SHA-1 in hex of secret and fields with colons between them. */
const checkOf = (secret: string, form: URLSearchParams, names: readonly string[]): string =>
  createHash('sha1')
    .update([secret, ...names.map((name) => fieldOf(form, name))].join(':'))
    .digest('hex')

function isEqual(given: string, expected: string): boolean {
  const [candidate, right] = [Buffer.from(given), Buffer.from(expected)]
  return candidate.length === right.length && timingSafeEqual(candidate, right)
}
