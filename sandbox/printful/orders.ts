import { asRecord } from '../http.ts'
import { decimal, orderIn, records, textOrNull } from '../json-provider.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'

export type PrintfulOrder = Record<string, unknown> & {
  id: number
  external_id: string | null
  status: string
  updated: number
  items: Record<string, unknown>[]
  costs: Costs
  shipments: Record<string, unknown>[]
}

/** What an order costs the merchant, as decimal texts. */
export type Costs = {
  currency: string
  subtotal: string
  discount: string
  shipping: string
  digitization: string
  additional_fee: string
  fulfillment_fee: string
  retail_delivery_fee: string
  tax: string
  vat: string
  total: string
}

const store = 10
const shippingCents: Record<string, number> = { STANDARD: 469, PRINTFUL_FAST: 999 }

/** The methods that `shipping/rates` offers. */
export const shippingMethods = [
  { id: 'STANDARD', name: 'Flat Rate (Estimated delivery: 4–8 business days)', days: [4, 8] },
  { id: 'PRINTFUL_FAST', name: 'Express (Estimated delivery: 1–3 business days)', days: [1, 3] },
] as const

/** What shipping costs: a base, and a little for every further item. */
export function shippingCost(method: string, items: Record<string, unknown>[]): number {
  const quantity = items.reduce((sum, item) => sum + quantityOf(item), 0)
  return (shippingCents[method] ?? 469) + Math.max(0, quantity - 1) * 220
}

const quantityOf = (item: Record<string, unknown>) => Math.max(1, Math.floor(Number(item.quantity ?? 1)))

/** 8 dollars and up to 6 more, fixed by the variant, so that a test can foretell every cost. */
function unitCents(item: Record<string, unknown>): number {
  const variant = Number(item.variant_id ?? item.sync_variant_id ?? 0)
  return 800 + (Number.isFinite(variant) ? Math.abs(Math.floor(variant)) % 7 : 0) * 100
}

/** The costs of an order that is not there yet, or is. */
export function costsOf(body: Record<string, unknown>): Costs {
  const items = records(body.items)
  const subtotal = items.reduce((sum, item) => sum + unitCents(item) * quantityOf(item), 0)
  const shipping = shippingCost(textOrNull(body, 'shipping') ?? 'STANDARD', items)
  const nothing = decimal(0)
  return {
    currency: 'USD',
    subtotal: decimal(subtotal),
    discount: nothing,
    shipping: decimal(shipping),
    digitization: nothing,
    additional_fee: nothing,
    fulfillment_fee: nothing,
    retail_delivery_fee: nothing,
    tax: nothing,
    vat: nothing,
    total: decimal(subtotal + shipping),
  }
}

/** Printful's orders and the events it sends about them. `external_id` is unique in a store: the only guard it offers. */
export class PrintfulOrders {
  readonly #world: World
  readonly #orders: Table<PrintfulOrder>
  readonly #byExternalId: Table<string>
  readonly #serial: Table<number>

  constructor(world: World) {
    this.#world = world
    this.#orders = world.store.table('printful.orders')
    this.#byExternalId = world.store.table('printful.byExternalId')
    this.#serial = world.store.table('printful.serial')
  }

  /** By Printful's id, or by the caller's with an `@` before it. */
  find(id: string): PrintfulOrder | undefined {
    return this.#orders.get(id.startsWith('@') ? (this.#byExternalId.get(id.slice(1)) ?? '') : id)
  }

  newestFirst(): Iterable<Readonly<PrintfulOrder>> {
    return this.#orders.newestFirst()
  }

  /** A draft; the caller has checked that the external id is free. */
  create(body: Record<string, unknown>): PrintfulOrder {
    const id = this.#next('orders', 70_000_000)
    const now = unixNow()
    const externalId = textOrNull(body, 'external_id')
    const method = textOrNull(body, 'shipping') ?? 'STANDARD'
    const order: PrintfulOrder = {
      id,
      external_id: externalId,
      store,
      status: 'draft',
      error: null,
      errorCode: 0,
      shipping: method,
      shipping_service_name: shippingMethods.find((known) => known.id === method)?.name ?? method,
      created: now,
      updated: now,
      dashboard_url: `${this.#world.baseUrl()}/printful/dashboard/${id}`,
      recipient: asRecord(body.recipient),
      notes: textOrNull(body, 'notes'),
      items: records(body.items).map((item) => this.#item(item)),
      branding_items: [],
      incomplete_items: [],
      is_sample: false,
      needs_approval: false,
      not_synced: false,
      has_discontinued_items: false,
      can_change_hold: false,
      costs: costsOf(body),
      pricing_breakdown: [],
      retail_costs: asRecord(body.retail_costs),
      shipments: [],
      gift: body.gift ?? null,
      packing_slip: body.packing_slip ?? null,
    }
    this.#orders.set(String(id), order)
    if (externalId) this.#byExternalId.set(externalId, String(id))
    const effect = { id: String(id), orderId: orderIn(externalId), idempotencyKey: null, countedBy: externalId }
    this.#world.books.record('printful', 'orders', effect)
    this.#send('order_created', { order })
    return order
  }

  /** Submits a draft: from here on the merchant is charged. */
  confirm(order: PrintfulOrder): void {
    this.#turn(order, 'pending')
    this.#send('order_updated', { order })
  }

  /** Printing begins: from here on it cannot be cancelled. */
  start(order: PrintfulOrder): void {
    this.#turn(order, 'inprocess')
    this.#send('order_updated', { order })
  }

  cancel(order: PrintfulOrder): void {
    this.#turn(order, 'canceled')
    this.#send('order_canceled', { reason: 'Order canceled', order })
  }

  /** Printful gives up on the order: a bad address, no funds, a broken print file. */
  fail(order: PrintfulOrder, reason: string): void {
    order.error = reason
    this.#turn(order, 'failed')
    this.#send('order_failed', { reason, order })
  }

  /** Printful hands the whole order to a carrier. */
  ship(order: PrintfulOrder): Record<string, unknown> {
    const id = this.#next('shipments', 10_000_000)
    const now = unixNow()
    const shipment = {
      id,
      status: 'shipped',
      carrier: 'USPS',
      service: 'USPS Ground Advantage',
      tracking_number: `92612903029511573${String(id).padStart(9, '0')}`,
      tracking_url: `${this.#world.baseUrl()}/printful/track/${id}`,
      created: now,
      ship_date: new Date(now * 1_000).toISOString().slice(0, 10),
      shipped_at: now,
      reshipment: false,
      location: 'USA',
      estimated_delivery_dates: { from: now + 3 * 86_400, to: now + 6 * 86_400 },
      items: order.items.map((item) => ({ item_id: item.id, quantity: item.quantity, picked: 1, printed: 1 })),
      packing_slip_url: null,
    }
    order.shipments.push(shipment)
    this.#turn(order, 'fulfilled')
    this.#send('package_shipped', { shipment, order })
    this.#send('order_updated', { order })
    return shipment
  }

  #item(item: Record<string, unknown>): Record<string, unknown> {
    const variant = Number(item.variant_id ?? 0)
    const name = textOrNull(item, 'name') ?? `Variant ${variant}`
    return {
      id: this.#next('items', 50_000_000),
      external_id: textOrNull(item, 'external_id'),
      variant_id: variant,
      sync_variant_id: item.sync_variant_id ?? null,
      external_variant_id: textOrNull(item, 'external_variant_id'),
      warehouse_product_variant_id: null,
      product_template_id: null,
      quantity: quantityOf(item),
      price: decimal(unitCents(item)),
      retail_price: textOrNull(item, 'retail_price'),
      name,
      product: { variant_id: variant, product_id: 71, image: '', name },
      files: records(item.files),
      options: Array.isArray(item.options) ? item.options : [],
      sku: textOrNull(item, 'sku'),
      discontinued: false,
      out_of_stock: false,
    }
  }

  #turn(order: PrintfulOrder, status: string): void {
    order.status = status
    order.updated = Math.max(unixNow(), order.updated)
  }

  #next(name: string, start: number): number {
    const next = (this.#serial.get(name) ?? start + (unixNow() % 9_000_000)) + 1
    this.#serial.set(name, next)
    return next
  }

  #send(type: string, data: Record<string, unknown>): void {
    const created = unixNow()
    const body = JSON.stringify({ type, created, retries: 0, store, data })
    this.#world.webhooks.publish({
      id: this.#world.mintId('pfevt'),
      provider: 'printful',
      type,
      createdUnix: created,
      body,
    })
  }
}
