import { createMerchant } from '../../src/merchants/merchants.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { newId } from '../../src/platform/ids.ts'
import { storefront } from '../storefront.ts'
import { startSystem } from '../system.ts'

const password = 'correct horse battery'
export const seller = { email: 'seller@example.com', password }
export const stranger = { email: 'stranger@example.com', password }

export type Shop = Awaited<ReturnType<typeof openShop>>
type Over = Record<string, unknown>

/** A running system with a shop that somebody can sign in to, another seller's beside it, and Stripe's sandbox page to pay on. */
export async function openShop(env: Record<string, string> = {}) {
  const system = await startSystem({ env })
  // Only now the ports are known: buyers come back to this server and pay at this sandbox.
  Object.assign(system.config, { publicUrl: system.url, sandboxUrl: system.sandbox.url })
  const api = storefront(system)
  await api.stock()
  const [own] = (await api.must('GET', '/v2/merchants')).data
  const other = await createMerchant(system.database.em(), null, {
    name: 'Another shop',
    email: null,
    commissionBps: null,
    commissionFixed: null,
    stripeAccountId: null,
    shipFrom: null,
  })
  const addUser = async (email: string, merchantId: string) =>
    system.database.sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
      newId('user'),
      email,
      await hashPassword(password),
      merchantId,
    ])
  await addUser(seller.email, own.id)
  await addUser(stranger.email, other.id)
  const made = { count: 0 }

  return {
    system,
    api,
    url: system.url,
    async product(over: Over = {}) {
      const product = {
        name: 'Field guide',
        price: 12.5,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'The secret of mushrooms',
        ...over,
      }
      return (await api.must('POST', '/v2/digital/products', product)).data
    },
    async link(over: Over = {}, productOver: Over = {}): Promise<{ id: string; slug: string; product_id: string }> {
      made.count += 1
      const { id } = await this.product(productOver)
      const link = { product_id: id, slug: `guide-${made.count}`, title: 'Field guide', ...over }
      return (await api.must('POST', '/v2/digital/links', link)).data
    },
    /** An order that somebody has begun through a link; unpaid. */
    async order(slug: string, email = 'ada@example.com'): Promise<{ id: string; client_secret: string }> {
      const body = { buyer_email: email, buyer_name: 'Ada' }
      return (await api.must('POST', `/v2/public/checkout/${slug}/pay`, body)).data
    },
    async sold(slug: string, email?: string): Promise<string> {
      const { id, client_secret: secret } = await this.order(slug, email)
      await api.confirm(secret)
      await api.confirmed(id)
      return id
    },
    visitor: () => visitorOf(system.url),
    async signedIn(who: typeof seller = seller) {
      const visitor = visitorOf(system.url)
      const answer = await visitor.submit('/dashboard/login', who)
      if (answer.status !== 303) throw new Error(`sign-in was answered with ${answer.status}`)
      return visitor
    },
    close: () => system.close(),
  }
}

/** A page without its stylesheet. */
export const pageText = async (answer: Response): Promise<string> =>
  (await answer.text()).replace(/<style>.*?<\/style>/s, '')

/** What a page allows itself. */
export const policyOf = (answer: Response): string => answer.headers.get('content-security-policy') ?? ''

/** A browser without a screen: keeps its cookies, says where its forms come from, and does not follow redirects. */
function visitorOf(url: string) {
  const jar = new Map<string, string>()
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ') || undefined
  const request = async (
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: NonNullable<RequestInit['body']> } = {},
  ) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        ...(cookies() ? { cookie: cookies() } : {}),
        ...(method === 'GET' ? {} : { origin: url }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value) jar.set(name, value)
      else jar.delete(name)
    }
    return answer
  }
  return {
    request,
    cookie: cookies,
    get: (path: string, headers: Record<string, string> = {}) => request('GET', path, { headers }),
    submit: (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      request('POST', path, { headers, body: new URLSearchParams(form) }),
    send: (path: string, form: FormData) => request('POST', path, { body: form }),
  }
}
