import { createHash, randomInt } from 'node:crypto'
import { encodeTime, ulid } from 'ulid'
import { v7 } from 'uuid'

const prefixes = {
  order: 'ord',
  orderItem: 'item',
  charge: 'chg',
  operation: 'op',
  split: 'spl',
  task: 'tsk',
  inboxEvent: 'inb',
  merchant: 'mer',
  sku: 'sku',
  product: 'prod',
  cartItem: 'ci',
  shippingRate: 'rate',
  shipment: 'shp',
  delivery: 'dlv',
  file: 'file',
  link: 'lnk',
  licenceKey: 'lic',
  mail: 'mail',
  event: 'evt',
  webhookEndpoint: 'whe',
  user: 'usr',
  passwordReset: 'pwr',
  apiKey: 'key',
  request: 'req',
  attempt: 'att',
  fulfillment: 'ful',
  refund: 're',
  dispute: 'dsp',
  return: 'ret',
  capture: 'cap',
  cancel: 'can',
  chargeRefund: 'cre',
  customer: 'cus',
  taxIdentifier: 'txid',
  fileLink: 'flk',
  document: 'doc',
  erasure: 'era',
  recipient: 'rcp',
  coupon: 'cpn',
  bankLine: 'bnk',
  finding: 'fnd',
  payout: 'po',
  statement: 'stm',
  taxRate: 'txr',
} as const

export type IdKind = keyof typeof prefixes

/** The letters of an id that say when it was made. */
const timeLength = 10

const drawRandom = (): number => randomInt(32) / 32

/**
 * A prefixed id that sorts by the millisecond it was made in, such as `ord_01m7zt522yf6er37s9nkksnsnt`. Its 80 random bits are
 * drawn anew for every id: whoever holds an order's id holds the order, so no id may tell anything about the next one.
 */
export const newId = (kind: IdKind): string => `${prefixes[kind]}_${ulid(undefined, drawRandom).toLowerCase()}`

/** What sorts before every id of a kind that was made since, and after all that were made before: old rows are the first of their index. */
export const firstIdSince = (kind: IdKind, since: Date): string =>
  `${prefixes[kind]}_${encodeTime(since.getTime(), timeLength).toLowerCase()}`

/** Gives things that are made at once ids that sort as the things stand. */
export function withNewIds<Thing, Row>(
  kind: IdKind,
  things: readonly Thing[],
  toRow: (id: string, thing: Thing) => Row,
): Row[] {
  const ids = things.map(() => newId(kind)).sort()
  return things.map((thing, index) => toRow(ids[index] as string, thing))
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const hashLength = 16

/**
 * An id that follows from what it names: a part of `parent`, told apart from its other parts by `names`. A database restored to an
 * earlier moment gives the same thing the same id, and so asks a provider under the same key (I3). It sorts like its parent.
 */
export function derivedId(kind: IdKind, parent: string, ...names: readonly (string | number)[]): string {
  const time = parent.slice(parent.indexOf('_') + 1).slice(0, timeLength)
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, parent, ...names]))
    .digest()
  const letters = Array.from(hash.subarray(0, hashLength), (byte) => alphabet[byte % alphabet.length])
  return `${prefixes[kind]}_${time}${letters.join('')}`
}

/**
 * A time-sortable UUID with 74 random bits of its own; carts and checkouts carry these because callers rely on the format.
 * Without a `seq` the library counts within a millisecond.
 */
export const newUuid = (): string => v7({ seq: randomInt(2 ** 32) })

/** What sorts before every {@link newUuid} that was made since, and after all that were made before. */
export function firstUuidSince(since: Date): string {
  const time = since.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
