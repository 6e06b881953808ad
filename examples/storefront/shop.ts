import {
  byId,
  type Cart,
  call,
  element,
  money,
  type Order,
  orSay,
  pay,
  type Rate,
  type Sku,
  settings,
  showTotals,
} from './ordermill.ts'

const kept = 'ordermill-cart'
const form = byId<HTMLFormElement>('checkout')
const next = byId<HTMLButtonElement>('next')
const kinds = { digital: 'Download', physical: 'Sent by parcel', pod: 'Printed for you' }
let cart: Cart | undefined

const { data: skus } = await call<{ data: Sku[] }>('GET', '/v2/skus?limit=100')
byId('goods').replaceChildren(...skus.filter(({ currency }) => currency === settings.currency).map(card))
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void busy(goOn)
})
byId('delivery').addEventListener('change', () => {
  byId('rates').hidden = true
  if (cart) show(cart)
})
byId('rates').addEventListener('change', () => void busy(choose))
await orSay(takeUp)

function card({ id, name, kind, price, currency }: Sku): HTMLElement {
  const button = element('button', { 'aria-label': `Add to cart: ${name}` }, 'Add to cart')
  button.addEventListener('click', () => void busy(() => add(id)))
  const words = element('p', { class: 'soft' }, kinds[kind])
  return element('li', {}, element('h3', {}, name), words, element('p', {}, money(price, currency)), button)
}

/** The cart of an earlier visit, unless it has become an order. */
async function takeUp(): Promise<void> {
  const id = localStorage.getItem(kept)
  const found = id ? await call<Cart>('GET', `/v2/carts/${id}`).catch(() => undefined) : undefined
  if (found && !found.locked) show(found)
}

async function add(skuId: string): Promise<void> {
  const items = [{ skuId, quantity: 1 }]
  const { currency } = settings
  show(
    cart
      ? await call<Cart>('POST', `/v2/carts/${cart.id}/items`, items[0])
      : await call<Cart>('POST', '/v2/carts', { currency, items }),
  )
}

/** The button leads from the address to a way of sending, and from there to the payment. */
async function goOn(): Promise<void> {
  if (!cart) return
  const needsRate = isShipped(cart) && byId('rates').hidden
  const changes = { email: text('email'), ...(isShipped(cart) ? { shipTo: shipTo() } : {}) }
  show(await call<Cart>('POST', `/v2/carts/${cart.id}`, changes))
  if (needsRate) return offerRates()
  if (cart.taxState === 'needed') show(await call<Cart>('POST', `/v2/carts/${cart.id}/tax`))
  const { id } = await call<Order>('POST', '/v2/orders', { cartId: cart.id })
  localStorage.removeItem(kept)
  await pay(id, text('method'))
}

async function offerRates(): Promise<void> {
  const rates = await call<Rate[]>('GET', `/v2/carts/${cart?.id}/shipping-rates`)
  const choices = rates.map(({ id, description, amount }, at) => {
    const choice = element('input', { type: 'radio', name: 'rate', value: id, ...(at === 0 ? { checked: '' } : {}) })
    return element('label', {}, choice, `${description}, ${money(amount, settings.currency)}`)
  })
  byId('rates').replaceChildren(element('legend', {}, 'How to send it'), ...choices)
  byId('rates').hidden = false
  await choose()
}

async function choose(): Promise<void> {
  const shippingChoice = { id: text('rate') }
  const chosen = await call<Cart>('POST', `/v2/carts/${cart?.id}`, { shippingChoice })
  show(chosen.taxState === 'needed' ? await call<Cart>('POST', `/v2/carts/${chosen.id}/tax`) : chosen)
}

function show(now: Cart): void {
  // Other goods weigh otherwise: what was offered to send them is asked for again.
  if (cart && now.items.length !== cart.items.length) byId('rates').hidden = true
  cart = now
  localStorage.setItem(kept, now.id)
  const lines = now.items.map(({ name, quantity, amount }) =>
    element('li', {}, element('span', {}, `${quantity} × ${name}`), element('span', {}, money(amount, now.currency))),
  )
  byId('items').replaceChildren(...lines)
  byId('empty').hidden = lines.length > 0
  form.hidden = lines.length === 0
  byId<HTMLFieldSetElement>('delivery').disabled = !isShipped(now)
  byId('delivery').hidden = !isShipped(now)
  const isReady = !isShipped(now) || !byId('rates').hidden
  byId('methods').hidden = !isReady
  next.textContent = isReady ? `Pay ${money(now.totalAmount, now.currency)}` : 'Continue'
  showTotals(now)
}

async function busy(work: () => Promise<void>): Promise<void> {
  next.disabled = true
  await orSay(work)
  next.disabled = false
  if (cart) show(cart)
}

function isShipped({ items }: Cart): boolean {
  return items.some(({ physical }) => physical)
}

function text(name: string): string {
  return String(new FormData(form).get(name) ?? '').trim()
}

function shipTo() {
  const [line1, city, postalCode, state] = ['line1', 'city', 'postalCode', 'state'].map(text)
  const address = { line1, city, postalCode, country: text('country').toUpperCase(), ...(state ? { state } : {}) }
  return { name: text('name'), phone: text('phone'), address }
}
