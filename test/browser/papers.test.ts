import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { openShop, pageText, type Shop, seller, stranger } from './shop.ts'

// Removes the risk that a buyer cannot get at an invoice, or that somebody else can.
describe('invoices and credit memos on the pages of an order', () => {
  let shop: Shop
  let slug: string
  let id: string

  beforeAll(async () => {
    shop = await openShop({ INVOICES_FOR_CARTS: 'true' })
    slug = (await shop.link()).slug
    id = await shop.sold(slug)
    await papersOf(id, 1)
    await shop.api.must('POST', '/v2/refunds', { orderId: id, currency: 'USD', amount: 5 })
    await papersOf(id, 2)
  })
  afterAll(() => shop?.close())

  const papersOf = (orderId: string, count: number) =>
    eventually(async () => {
      const { eInvoices } = await shop.api.must('GET', `/v2/orders/${orderId}`)
      return eInvoices?.length === count ? (eInvoices as { id: string }[]).map((paper) => paper.id) : undefined
    }, `${count} papers of ${orderId}`)
  const pathsOn = async (answer: Response) =>
    [...(await pageText(answer)).matchAll(/href="([^"]+\/papers\/[^"]+)"/g)].map(([, path]) => path ?? '')
  const kindOf = async (answer: Response) => [answer.status, answer.headers.get('content-type')]

  const opened = async (who: ReturnType<Shop['visitor']>, page: string) => {
    const paths = await pathsOn(await who.get(page))
    expect(paths).toHaveLength(4)
    for (const path of paths) {
      const answer = await who.get(path)
      const type = path.endsWith('/pdf') ? 'application/pdf' : 'application/xml; charset=utf-8'
      expect(await kindOf(answer)).toEqual([200, type])
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(answer.headers.get('cache-control')).toBe('private, no-store')
    }
    const xml = await Promise.all(
      paths.filter((path) => path.endsWith('/xml')).map(async (path) => (await who.get(path)).text()),
    )
    expect(xml.map((text) => /<(Invoice|CreditNote)\b/.exec(text)?.[1])).toEqual(['Invoice', 'CreditNote'])
    return paths
  }

  it('can be downloaded by whoever can open the buyer’s page, and under no other order or link', async () => {
    const page = `/c/${slug}/order/${id}`
    const paths = await opened(shop.visitor(), page)
    const other = await shop.link()
    const elsewhere = await shop.sold(other.slug, 'bob@example.com')
    await papersOf(elsewhere, 1)
    const bob = shop.visitor()
    await bob.submit(`/c/${other.slug}`, { email: 'bob@example.com', name: 'Bob', method: 'STRIPE' })
    expect(bob.cookie()).toBeDefined()
    for (const path of paths) {
      const end = path.slice(page.length)
      for (const wrong of [
        `/c/${other.slug}/order/${id}`,
        `/c/${other.slug}/order/${elsewhere}`,
        `/c/${slug}/order/ord_guessed`,
      ])
        expect((await bob.get(`${wrong}${end}`)).status).toBe(404)
    }
    expect((await bob.get(`${paths[0]?.replace(/pdf$/, 'html')}`)).status).toBe(404)
    expect((await bob.get(`${page}/papers/file_guessed/pdf`)).status).toBe(404)
  })

  it('can be downloaded by the order’s seller, and by no other', async () => {
    const paths = await opened(await shop.signedIn(seller), `/dashboard/orders/${id}`)
    const other = await shop.signedIn(stranger)
    for (const path of paths) {
      expect((await other.get(path)).status).toBe(404)
      expect((await shop.visitor().get(path)).headers.get('location')).toMatch(/^\/dashboard\/login/)
    }
  })

  it('are the seller’s alone once the buyer is to be forgotten', async () => {
    const forgotten = await shop.sold(slug, 'carl@example.com')
    const [paper] = await papersOf(forgotten, 1)
    await shop.api.must('POST', `/v2/orders/${forgotten}`, { requestToBeForgotten: true })
    const page = `/c/${slug}/order/${forgotten}`
    expect(await pathsOn(await shop.visitor().get(page))).toEqual([])
    expect((await shop.visitor().get(`${page}/papers/${paper}/pdf`)).status).toBe(404)
    const owner = await shop.signedIn(seller)
    expect((await owner.get(`/dashboard/orders/${forgotten}/papers/${paper}/pdf`)).status).toBe(200)
  })
})
