import type { components } from '../../clients/typescript/src/api.gen.ts'

type Schemas = components['schemas']
export type Sku = Schemas['Sku']
export type Cart = Schemas['Cart']
export type Order = Schemas['Order']
export type Rate = Schemas['ShippingRate']
export type Intent = Schemas['PaymentIntent']

type Settings = { api: string; key: string; sandbox: string; currency: string }

/** Where Ordermill is and the publishable key, which may stand in a page: it opens what a buyer may see, and nothing else. */
export const settings: Settings = await (await fetch('settings.json')).json()

/** One call of the API. @throws Error with a sentence that a buyer may read */
export async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(`${settings.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${settings.key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = response.status === 204 ? undefined : await response.json()
  if (!response.ok) throw new Error(answer?.errors?.[0]?.message ?? 'Something went wrong. Please try again.')
  return answer
}

/** Takes the buyer to where an order is paid; they come back to its page. */
export async function pay(orderId: string, paymentMethod: string): Promise<void> {
  const returnUrl = new URL(`order.html?order=${orderId}`, location.href)
  const body = { paymentMethod, returnUrl: returnUrl.href }
  const intent = await call<Intent>('POST', `/v2/orders/${orderId}/payment-intent`, body)
  location.assign(intent.checkoutUrl ?? sandboxPage(intent.clientSecret ?? '', returnUrl))
}

/** Stripe has no page of its own for an intent: with a real key mount its Payment Element with the client secret here. */
function sandboxPage(clientSecret: string, returnUrl: URL): string {
  const page = new URL(`/pay/${clientSecret.split('_secret_')[0]}`, settings.sandbox)
  page.search = String(new URLSearchParams({ client_secret: clientSecret, return_url: returnUrl.href }))
  return page.href
}

/** The element of the page with this id. */
export function byId<Element extends HTMLElement = HTMLElement>(id: string): Element {
  const found = document.getElementById(id)
  if (!found) throw new Error(`there is no #${id}`)
  return found as Element
}

/** A new element with its attributes and what is in it. Text stays text, whatever stands in it. */
export function element(
  name: string,
  attributes: Record<string, string> = {},
  ...content: (Node | string)[]
): HTMLElement {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...content)
  return made
}

export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency }).format(amount)

/** Lines of a sum, the last of which is all of it. */
export function showTotals({ currency, items, totalShipping, totalTax, totalAmount }: Cart | Order): void {
  const goods = items.map(({ amount }) => amount).reduce((sum, amount) => sum + amount, 0)
  const lines = [
    ['Goods', goods],
    ['Shipping', totalShipping],
    ['Tax', totalTax],
    ['Total', totalAmount],
  ] as const
  byId('totals').replaceChildren(
    ...lines.map(([name, amount]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, money(amount, currency))),
    ),
  )
}

/** Does something that may be refused, and says so on the page. */
export async function orSay(work: () => Promise<void>): Promise<void> {
  const problem = byId('problem')
  problem.hidden = true
  try {
    await work()
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
    problem.hidden = false
  }
}
