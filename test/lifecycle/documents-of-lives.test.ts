// Risk removed: invoices and credit memos that say another sum, or another tax, than the ledger and the tax report.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentData } from '../../src/documents/document-data.ts'
import { readTaxReport } from '../../src/ledger/read-tax-report.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { startSystem } from '../system.ts'
import { lifecycleBooks } from './lifecycle-books.ts'
import { liveACart, liveALink, liveATaxedOrder, registeredBusiness } from './taxed-life.ts'

const atOnce = 8
// As many as two processors live in a minute; with the lives of src/documents/documents-add-up.test.ts they are more than five hundred.
const lives = {
  checkout: 60,
  'reverse charge': 10,
  'cart with tax on top': 8,
  'cart with tax within': 8,
  'cart with a coupon': 8,
  link: 6,
} as const
type Kind = keyof typeof lives
/** Of services, and of goods that leave their country. */
const untaxedBusiness = ['reverse_charge', 'intra_community']
const all = Object.values(lives).reduce((sum, count) => sum + count, 0)
const seed = Number(process.env.SEED ?? 20_261_130)

type Stored = { orderId: string; kind: 'invoice' | 'credit_memo'; data: DocumentData }
type Booked = { orderId: string; captured: number; refunded: number; collected: number; returned: number }

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** What of a document does not add up in itself. */
function flawsOf({ number, lines, charges = [], taxes, totals }: DocumentData): string[] {
  const parts = [...lines.map(({ net, tax }) => ({ net, tax })), ...charges]
  const duties = sum(charges.filter(({ kind }) => kind === 'duties').map(({ net }) => net))
  const checks: [string, number, number][] = [
    ['lines', sum(lines.map(({ net }) => net)), totals.goods],
    ['net', sum(parts.map(({ net }) => net)), totals.total - totals.tax],
    ['tax', sum(parts.map(({ tax }) => tax)), totals.tax],
    ['tax by rate', sum(taxes.map(({ tax }) => tax)), totals.tax],
    ['net by rate', sum(taxes.map(({ net }) => net)) + duties, totals.total - totals.tax],
  ]
  const flaws = checks.flatMap(([what, is, should]) =>
    is === should ? [] : [`${number}: ${what} ${is}, not ${should}`],
  )
  const off = taxes.filter(
    ({ rate, net, tax }) => net > 0 && tax > 0 && Math.abs(tax - net * rate) > 1 + lines.length * 2,
  )
  const negative = parts.some(({ net, tax }) => net < 0 || tax < 0)
  return [
    ...flaws,
    ...off.map(({ rate, net, tax }) => `${number}: ${tax} is not ${rate} of ${net}`),
    ...(negative ? [`${number}: negative`] : []),
  ]
}

/** Where the credit memos of an order take more off than its invoice says, by line and by rate. */
function excessOf(documents: readonly Stored[]): string[] {
  const [invoice] = documents.filter(({ kind }) => kind === 'invoice')
  const memos = documents.filter(({ kind }) => kind === 'credit_memo')
  const found: string[] = []
  const compare = (what: string, pick: (data: DocumentData) => number) => {
    const invoiced = invoice ? pick(invoice.data) : 0
    const credited = sum(memos.map(({ data }) => pick(data)))
    if (credited > invoiced) found.push(`${invoice?.data.number} ${what}: ${credited} credited of ${invoiced}`)
  }
  for (const { position } of invoice?.data.lines ?? []) {
    const of = (data: DocumentData) => data.lines.filter((line) => line.position === position)
    compare(`line ${position} net`, (data) => sum(of(data).map(({ net }) => net)))
    compare(`line ${position} tax`, (data) => sum(of(data).map(({ tax }) => tax)))
  }
  const rates = new Set(documents.flatMap(({ data }) => data.taxes.map(({ rate }) => rate)))
  for (const rate of rates) {
    const of = (data: DocumentData) => data.taxes.filter((entry) => entry.rate === rate)
    compare(`rate ${rate} net`, (data) => sum(of(data).map(({ net }) => net)))
    compare(`rate ${rate} tax`, (data) => sum(of(data).map(({ tax }) => tax)))
  }
  return found
}

const said = Object.entries(lives).map(([kind, count]) => `${count} ${kind}`)

describe(`${all} random lives in the whole product: ${said.join(', ')} (seed ${seed})`, () => {
  let system: Awaited<ReturnType<typeof startSystem>>
  let shop: ReturnType<typeof merchantOrders>
  /** The lives of orders that came to be, by their ids. */
  const made = new Map<string, { life: number; kind: Kind }>()

  const live = async (kinds: readonly Kind[], how: (kind: Kind, life: number) => Promise<string | undefined>) => {
    const open = kinds.flatMap((kind) =>
      Array.from({ length: lives[kind] }, (_, index) => ({
        kind,
        life: seed + 1_000 * Object.keys(lives).indexOf(kind) + index,
      })),
    )
    const liver = async () => {
      for (let next = open.shift(); next; next = open.shift()) {
        const { kind, life } = next
        const id = await how(kind, life).catch((error: Error) => {
          throw new Error(`${kind} ${life}: ${error.message}`, { cause: error })
        })
        if (id) made.set(id, next)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, liver))
  }
  const bear = async (cartTax: 'exclusive' | 'inclusive') => {
    const [house] = (await shop.must('GET', '/v2/merchants')).data
    await shop.must('POST', `/v2/merchants/${house.id}`, {
      name: 'Mill Store',
      stripeAccountId: 'acct_millstore',
      cartTax,
    })
  }

  beforeAll(async () => {
    system = await startSystem({ env: { INVOICES_FOR_CARTS: 'true', STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' } })
    shop = merchantOrders(system)
    await shop.stock()
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000_000 })
    const song = { id: 'song', name: 'Song', kind: 'digital', price: 9.99, currency: 'USD' }
    await shop.must('POST', '/v2/skus', { ...song, delivery: { contentType: 'text', content: 'la la' } })
    await shop.must('POST', '/v2/coupons', { code: 'TEN', percentOff: 10 })
    await shop.must('POST', '/v2/coupons', { code: 'THREE', amountOff: 3.33, currency: 'USD' })
    const business = await registeredBusiness(shop)
    await live(['checkout', 'reverse charge'], (kind, life) =>
      liveATaxedOrder(shop, life, kind === 'checkout' ? undefined : business),
    )
    await bear('exclusive')
    await live(['cart with tax on top', 'link'], (kind, life) =>
      kind === 'link' ? liveALink(shop, life) : liveACart(shop, life, []),
    )
    await bear('inclusive')
    await live(['cart with tax within', 'cart with a coupon'], (kind, life) =>
      liveACart(shop, life, kind === 'cart with a coupon' ? ['TEN', 'THREE'] : []),
    )
    await lifecycleBooks(system, shop).quiet(120_000)
  }, 400_000)
  afterAll(() => system?.close())

  const nameOf = (orderId: string) => Object.values(made.get(orderId) ?? {}).join(' ')

  const readDocuments = async () =>
    Map.groupBy(
      await system.database.sql<Stored>('select order_id as "orderId", kind, data from order_documents order by id'),
      ({ orderId }) => orderId,
    )
  const readBooks = () =>
    system.database.sql<Booked>(
      `select o.id as "orderId",
         (select coalesce(sum(c.captured_amount), 0)::bigint from charges c where c.order_id = o.id) as captured,
         (select coalesce(sum(c.refunded_amount), 0)::bigint from charges c where c.order_id = o.id) as refunded,
         (select coalesce(sum(l.amount) filter (where l.amount > 0), 0)::bigint from ledger_entries l
            where l.order_id = o.id and l.account like 'tax:%') as collected,
         (select coalesce(-sum(l.amount) filter (where l.amount < 0), 0)::bigint from ledger_entries l
            where l.order_id = o.id and l.account like 'tax:%') as returned
       from orders o`,
    )

  it('R201 R202 have invoices and credit memos that add up, line by line and rate by rate', async () => {
    const documents = await readDocuments()
    expect(documents.size).toBeGreaterThan(all * 0.7)
    for (const kind of Object.keys(lives)) {
      const own = [...documents].filter(([orderId]) => made.get(orderId)?.kind === kind)
      expect(own.length, `invoiced lives of the kind ${kind}`).toBeGreaterThan(2)
      const untaxed = own.filter(([, [first]]) => untaxedBusiness.includes(first?.data.exemption ?? ''))
      expect(untaxed.length > 2, `${kind}: ${own.map(([, [first]]) => first?.data.exemption)}`).toBe(
        kind === 'reverse charge',
      )
    }
    const every = [...documents.values()].flat().map(({ data }) => data)
    expect(every.filter(({ taxInclusive }) => taxInclusive).length).toBeGreaterThan(all / 5)
    expect(every.filter(({ discount }) => discount > 0).length).toBeGreaterThan(all / 10)
    expect(every.filter(({ taxes }) => taxes.filter(({ tax }) => tax > 0).length > 1).length).toBeGreaterThan(all / 10)
    const flaws = [...documents].flatMap(([orderId, own]) =>
      [...own.flatMap(({ data }) => flawsOf(data)), ...excessOf(own)].map((flaw) => `${nameOf(orderId)}: ${flaw}`),
    )
    expect(flaws).toEqual([])
  })

  it('R201 R202 R297 whose sums are the ledger’s, order by order, to the minor unit', async () => {
    const documents = await readDocuments()
    const differences = (await readBooks()).flatMap(({ orderId, captured, refunded, collected, returned }) => {
      const own = documents.get(orderId) ?? []
      const of = (kind: Stored['kind'], pick: (data: DocumentData) => number) =>
        sum(own.filter((document) => document.kind === kind).map(({ data }) => pick(data)))
      const said = [
        of('invoice', ({ totals }) => totals.total),
        of('credit_memo', ({ totals }) => totals.total),
        of('invoice', ({ totals }) => totals.tax),
        of('credit_memo', ({ totals }) => totals.tax),
      ]
      const booked = [captured, refunded, collected, returned]
      return said.every((amount, index) => amount === booked[index])
        ? []
        : [`${nameOf(orderId)} ${orderId}: invoiced, credited and their taxes ${said}, booked ${booked}`]
    })
    expect(differences).toEqual([])
  })

  it('R297 and the tax report’s, by selling entity, country and currency', async () => {
    const said = new Map<string, number>()
    for (const { kind, data } of [...(await readDocuments()).values()].flat()) {
      const key = `${data.seller.name} ${(data.shipTo ?? data.billTo)?.address?.country} ${data.currency}`
      said.set(key, (said.get(key) ?? 0) + (kind === 'invoice' ? 1 : -1) * data.totals.tax)
    }
    const entities = await system.database.sql<{ id: string; name: string }>(
      'select entity_id as id, name from selling_entities where merchant_id is null',
    )
    const report = await readTaxReport(system.database.sql, {
      since: new Date(0),
      until: new Date(Date.now() + 60_000),
    })
    const reported = new Map<string, number>()
    for (const { sellingEntity, country, currency, owed } of report) {
      const key = `${entities.find(({ id }) => id === sellingEntity)?.name} ${country} ${currency}`
      reported.set(key, (reported.get(key) ?? 0) + owed)
    }
    const taxed = (sums: Map<string, number>) => [...sums].filter(([, amount]) => amount !== 0).sort()
    expect(taxed(reported).length).toBeGreaterThan(5)
    expect(taxed(said)).toEqual(taxed(reported))
  })
})
