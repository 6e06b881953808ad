// Risk removed: books that forget what was answered, or that cost more to keep the more they hold.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Stripe } from 'stripe'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startStage } from './stage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'))
afterAll(() => rmSync(folder, { recursive: true }))

const order = (orderId: string) => ({
  amount: 5_000,
  currency: 'usd',
  allowed_payment_method_types: ['card'],
  metadata: { orderId, shop: 'one' },
  payment_method: 'pm_card_visa',
  confirm: true,
})

type StripeBooks = Record<string, unknown>

const kills: (() => void)[] = []
afterEach(() => {
  for (const kill of kills.splice(0)) kill()
})

/** The sandbox as a process of its own, which can be killed. */
async function startProcess(databaseFile: string) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, SANDBOX_PORT: '0', SANDBOX_DATA_FILE: databaseFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  kills.push(() => child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = new URL(/http:\S+(?=,)/.exec(line.toString())?.[0] ?? '')
  const host = { host: url.hostname, port: url.port, protocol: 'http' as const }
  return {
    /** What the books tell of Stripe. */
    books: async (query: string) => {
      const told = (await (await fetch(`${url.origin}/sandbox/books?${query}`)).json()) as { stripe: StripeBooks }
      return told.stripe
    },
    stripe: new Stripe('sk_test_1', { ...host, maxNetworkRetries: 0, telemetry: false }),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('a sandbox that is killed right after its answers has them in its books when it starts again', async () => {
  const databaseFile = path.join(folder, 'killed.db')
  const first = await startProcess(databaseFile)
  const orderIds = Array.from({ length: 20 }, (_, at) => `ord_killed${at}`)
  await Promise.all(
    orderIds.map((orderId) => first.stripe.paymentIntents.create(order(orderId), { idempotencyKey: orderId })),
  )
  await first.kill()
  const second = await startProcess(databaseFile)
  expect((await second.books('summary=1')).charges).toEqual({
    count: 20,
    repeated: 0,
    sums: { usd: 100_000 },
    statuses: { succeeded: 20 },
  })
  for (const orderId of orderIds) {
    const { paymentIntents } = await second.books(`orderId=${orderId}`)
    expect(paymentIntents).toMatchObject([{ orderId, count: 1, amount: 5_000, status: 'succeeded' }])
    const again = await second.stripe.paymentIntents.create(order(orderId), { idempotencyKey: orderId })
    expect(paymentIntents).toMatchObject([{ id: again.id }])
  }
})

test('a start reads none of the rows that are there', async () => {
  const databaseFile = path.join(folder, 'large.db')
  const first = await startStage({ databaseFile, webhookTarget: undefined })
  const broken = await first.stripe.paymentIntents.create(order('ord_broken'))
  const whole = await first.stripe.paymentIntents.create(order('ord_whole'))
  await first.close()
  const database = new DatabaseSync(databaseFile)
  database.prepare('UPDATE "stripe.paymentIntents" SET row = ? WHERE key = ?').run('no JSON', broken.id)
  database.exec(`UPDATE "stripe.captures" SET row = 'no JSON'; UPDATE event_bodies SET body = 'no JSON'`)
  database.close()
  const second = await startStage({ databaseFile, webhookTarget: undefined })
  expect((await second.stripe.paymentIntents.retrieve(whole.id)).status).toBe('succeeded')
  expect((await second.call('GET', '/sandbox/books?summary=1')).json.stripe.charges.count).toBe(2)
  await expect(second.stripe.paymentIntents.retrieve(broken.id)).rejects.toMatchObject({ statusCode: 500 })
  await second.close()
})

test('lists and searches run over as many rows as there are, forwards and backwards', async () => {
  const stage = await startStage({ webhookTarget: undefined })
  const customer = (await stage.stripe.customers.create({})).id
  const made: string[] = []
  for (let at = 0; at < 130; at += 1)
    made.unshift((await stage.stripe.paymentIntents.create({ ...order(`ord_${at}`), customer })).id)
  const idsOf = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id)
  const all = await stage.stripe.paymentIntents.list({ customer, limit: 100 })
  expect(idsOf(all)).toEqual(made.slice(0, 100))
  expect(all.has_more).toBe(true)
  const rest = await stage.stripe.paymentIntents.list({ customer, limit: 100, starting_after: made[99] ?? '' })
  expect(idsOf(rest)).toEqual(made.slice(100))
  expect(rest.has_more).toBe(false)
  const back = await stage.stripe.paymentIntents.list({ limit: 60, ending_before: made[70] ?? '' })
  expect(idsOf(back)).toEqual(made.slice(10, 70))
  expect(back.has_more).toBe(true)
  const found = await stage.stripe.paymentIntents.search({ query: "metadata['shop']:'one'", limit: 70 })
  expect(idsOf(found)).toEqual(made.slice(0, 70))
  const next = await stage.stripe.paymentIntents.search({
    query: "metadata['shop']:'one'",
    limit: 70,
    page: found.next_page ?? '',
  })
  expect(idsOf(next)).toEqual(made.slice(70))
  await stage.close()
})

test('an intent is found by the metadata it has, not by what it had', async () => {
  const stage = await startStage({ webhookTarget: undefined })
  const { id } = await stage.stripe.paymentIntents.create(order('ord_before'))
  const search = async (orderId: string) =>
    (await stage.stripe.paymentIntents.search({ query: `metadata['orderId']:'${orderId}'` })).data.map((row) => row.id)
  await stage.stripe.paymentIntents.update(id, { metadata: { orderId: 'ord_after' } })
  expect(await search('ord_before')).toEqual([])
  await stage.stripe.paymentIntents.update(id, { metadata: { orderId: 'ord_before' } })
  expect(await search('ord_before')).toEqual([id])
  await stage.close()
})

test('the JSON file of an earlier sandbox is taken over once', async () => {
  const old = path.join(folder, 'earlier.json')
  const intent = { id: 'pi_old', object: 'payment_intent', amount: 700, currency: 'usd', status: 'succeeded' }
  const rest = { metadata: { orderId: 'ord_old' }, customer: 'cus_old', created: 1_700_000_000 }
  const effect = { id: 'pi_old', orderId: 'ord_old', idempotencyKey: 'key', countedBy: 'key' }
  const event = { id: 'evt_old', provider: 'stripe', type: 'payment_intent.succeeded', createdUnix: 1_700_000_000 }
  const transfer = { id: 'tr_old', object: 'transfer', destination: 'acct_old', destination_payment: 'py_old' }
  const tables = {
    events: [['evt_old', { ...event, state: 'delivered', body: '{"id":"evt_old"}' }]],
    'stripe.paymentIntents': [['pi_old', { ...intent, ...rest }]],
    'stripe.intentsByMetadata': [['orderId=ord_old', ['pi_old']]],
    'stripe.balances': [['usd', 670]],
    'stripe.transfers': [['tr_old', { ...transfer, amount: 400, amount_reversed: 100, currency: 'usd' }]],
    'books.counts': [['stripe.paymentIntents key', 1]],
    'books.byOrder': [['ord_old', ['stripe.paymentIntents pi_old']]],
    'books.stripe.paymentIntents': [['pi_old', effect]],
  }
  writeFileSync(old, JSON.stringify({ version: 1, tables }))
  const databaseFile = path.join(folder, 'earlier.db')
  for (let start = 0; start < 2; start += 1) {
    const stage = await startStage({ databaseFile, webhookTarget: undefined })
    expect((await stage.call('GET', '/sandbox/books?orderId=ord_old')).json.stripe.paymentIntents).toMatchObject([
      { id: 'pi_old', amount: 700, count: 1 },
    ])
    expect((await stage.call('GET', '/sandbox/books?summary=1')).json.stripe.paymentIntents).toEqual({
      count: 1,
      repeated: 0,
      sums: { usd: 700 },
      statuses: { succeeded: 1 },
    })
    expect((await stage.stripe.paymentIntents.search({ query: "metadata['orderId']:'ord_old'" })).data).toHaveLength(1)
    expect((await stage.stripe.paymentIntents.list({ customer: 'cus_old' })).data).toHaveLength(1)
    expect((await stage.stripe.balance.retrieve()).available).toMatchObject([{ amount: 670, currency: 'usd' }])
    const theirs = await stage.stripe.balance.retrieve({}, { stripeAccount: 'acct_old' })
    expect(theirs.available).toMatchObject([{ amount: 300, currency: 'usd' }])
    expect((await stage.stripe.events.list()).data).toMatchObject([{ id: 'evt_old' }])
    expect(existsSync(old)).toBe(false)
    expect(existsSync(`${databaseFile}.snapshot.taken-over`)).toBe(true)
    await stage.close()
  }
})
