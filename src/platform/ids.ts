import { typeidUnboxed } from 'typeid-js'
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
  apiKey: 'key',
  request: 'req',
  attempt: 'att',
  fulfillment: 'ful',
  refund: 're',
  return: 'ret',
  capture: 'cap',
  cancel: 'can',
  chargeRefund: 'cre',
  customer: 'cus',
  taxIdentifier: 'txid',
  fileLink: 'flk',
  document: 'doc',
  erasure: 'era',
} as const

/** A prefixed, time-sortable id with 74 random bits, such as `ord_01m7zt522yf6er37s9nkksnsnt`. */
export const newId = (kind: keyof typeof prefixes): string => typeidUnboxed(prefixes[kind])

/** A time-sortable UUID; carts and checkouts carry these because callers rely on the format (R5). */
export const newUuid = (): string => v7()
