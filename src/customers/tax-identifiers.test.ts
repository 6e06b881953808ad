import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database } from '../database/database.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { createHmrcRegister } from './hmrc.ts'
import {
  attachTaxIdentifier,
  createTaxIdentifier,
  deleteTaxIdentifier,
  listTaxIdentifiers,
  readTaxIdentifier,
} from './tax-identifiers.ts'
import type { TaxRegister } from './tax-register.ts'
import { canBeVerified } from './tax-registers.ts'
import { verifyTaxIdentifier } from './verify-tax-identifier.ts'
import { createViesRegister } from './vies.ts'

const merchantId = 'mer_shop'

let server: TestDatabase
let database: Database

beforeAll(async () => {
  server = await freshDatabase()
  database = await connect({ url: server.url, poolSize: 4, name: 'test' })
})
afterAll(async () => {
  await database.close()
  await server.drop()
})

const inTx = <T>(work: (tx: Pick<Transaction, 'sql'>) => Promise<T>) => database.transaction(work)
const create = (type: string, value: string, merchant = merchantId) =>
  inTx((tx) => createTaxIdentifier(tx, { merchantId: merchant, type, value }))
const read = (taxIdentifierId: string) => readTaxIdentifier(database.sql, { merchantId, taxIdentifierId })
const attach = (taxIdentifierId: string, customerId: string) =>
  inTx((tx) => attachTaxIdentifier(tx, { merchantId, customerId, taxIdentifierId }))

// Removes the risk that one buyer's tax number reaches another buyer, another merchant, or an invoice in a wrong form.
describe('tax identifiers of a merchant', () => {
  it('R217 are pending at first and belong to nobody', async () => {
    const created = await create('uk', 'gb 000 2835 36')
    expect(created).toMatchObject({
      id: expect.stringMatching(/^txid_/),
      customerId: null,
      type: 'uk',
      value: 'GB000283536',
      state: 'pending',
      stateTransitions: { pending: expect.stringMatching(/Z$/) },
      verifiedName: null,
      verifiedAddress: null,
    })
    expect(await read(created.id)).toEqual(created)
  })

  it('R217 are refused in a wrong form and of an unknown type', async () => {
    await expect(create('it', 'IT00121239990xxxx')).rejects.toMatchObject({
      code: 'invalid_parameter',
      status: 400,
      parameter: 'value',
      message: "Tax identifier 'IT00121239990xxxx' invalid.",
    })
    await expect(create('xx', '1')).rejects.toMatchObject({ code: 'invalid_parameter', parameter: 'type' })
  })

  it('are attached to one customer, and again to the same one without effect', async () => {
    const { id } = await create('de', 'DE136695976')
    const attached = await attach(id, 'cus_anna')
    expect(attached.customerId).toBe('cus_anna')
    expect(await attach(id, 'cus_anna')).toEqual(attached)
    await expect(attach(id, 'cus_bert')).rejects.toMatchObject({ code: 'tax_identifier_in_use', status: 409 })
    expect((await read(id)).customerId).toBe('cus_anna')
  })

  it('are one of each type per customer, also when two are attached at once', async () => {
    const first = await create('fr', 'FR40303265045')
    const second = await create('fr', 'FR40303265045')
    const ends = await Promise.allSettled([attach(first.id, 'cus_carla'), attach(second.id, 'cus_carla')])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'tax_identifier_in_use', status: 409 },
    })
    await attach((await create('be', 'BE0428759497')).id, 'cus_carla')
    const { taxIdentifiers } = await listTaxIdentifiers(database.sql, {
      merchantId,
      customerId: 'cus_carla',
      limit: 10,
    })
    expect(taxIdentifiers.map(({ type }) => type).sort()).toEqual(['be', 'fr'])
  })

  it('go to another customer by being deleted and made anew', async () => {
    const old = await create('au', '51824753556')
    await attach(old.id, 'cus_anna')
    expect(await inTx((tx) => deleteTaxIdentifier(tx, { merchantId, taxIdentifierId: old.id }))).toMatchObject({
      id: old.id,
      customerId: 'cus_anna',
    })
    await expect(read(old.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
    await expect(attach(old.id, 'cus_bert')).rejects.toMatchObject({ code: 'not_found' })
    const again = await create('au', '51824753556')
    expect((await attach(again.id, 'cus_bert')).customerId).toBe('cus_bert')
  })

  it('I11 are seen and touched by nobody else', async () => {
    const { id } = await create('za', '4012345678', 'mer_other')
    const missing = { code: 'not_found', status: 404 }
    await expect(read(id)).rejects.toMatchObject(missing)
    await expect(attach(id, 'cus_anna')).rejects.toMatchObject(missing)
    await expect(inTx((tx) => deleteTaxIdentifier(tx, { merchantId, taxIdentifierId: id }))).rejects.toMatchObject(
      missing,
    )
    const { taxIdentifiers } = await listTaxIdentifiers(database.sql, { merchantId, type: 'za', limit: 10 })
    expect(taxIdentifiers).toEqual([])
  })

  it('are listed newest first, page by page in both directions', async () => {
    const ids: string[] = []
    for (let made = 0; made < 5; made += 1) ids.push((await create('nz', '49091850', 'mer_pages')).id)
    // Of one millisecond no order is known.
    ids.sort().reverse()
    const page = async (more: { limit: number; startingAfter?: string; endingBefore?: string }) => {
      const list = await listTaxIdentifiers(database.sql, { merchantId: 'mer_pages', ...more })
      return { hasMore: list.hasMore, ids: list.taxIdentifiers.map(({ id }) => id) }
    }
    expect(await page({ limit: 2 })).toEqual({ hasMore: true, ids: ids.slice(0, 2) })
    expect(await page({ limit: 3, startingAfter: ids[1] ?? '' })).toEqual({ hasMore: false, ids: ids.slice(2) })
    expect(await page({ limit: 2, endingBefore: ids[3] ?? '' })).toEqual({ hasMore: true, ids: ids.slice(1, 3) })
  })
})

const told: string[] = []
const verifier = (verify: TaxRegister['verify']) => ({ verify })
const verify = (taxIdentifierId: string, taskId: string, register: TaxRegister) =>
  verifyTaxIdentifier(
    {
      database,
      bell: { ring: () => undefined } as never,
      operationLeaseSeconds: 10,
      taxRegisters: { vies: register, hmrc: register },
      tell: {
        taxIdentifier: async (_tx, { type, object }) => {
          told.push(`${type} ${object.id}`)
        },
      },
    },
    { taxIdentifierId },
    taskId,
  )

/** A task of any kind: only its being finished is of interest here. */
async function task(): Promise<string> {
  const id = newId('task')
  await database.sql(
    `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at)
     values ($1, 'send-mail', 'notifications', '{}', $1, 'enqueued', now())`,
    [id],
  )
  return id
}
const stateOfTask = async (id: string) =>
  (await database.sql<{ state: string }>('select state from tasks where id = $1', [id]))[0]?.state

// Removes the risk that an answer of the register is lost, overwritten, or taken from a register that did not answer.
describe('the verification of a tax identifier', () => {
  it('R217 notes that it is verified, of whom, and when', async () => {
    const { id } = await create('gr', 'GR094259216')
    const taskId = await task()
    const asked: unknown[] = []
    const state = await verify(
      id,
      taskId,
      verifier(async (number) => {
        asked.push(number)
        return { outcome: 'verified', name: 'Ordermill AE', address: 'Athens' }
      }),
    )
    expect(state).toBe('verified')
    expect(asked).toEqual([{ type: 'gr', value: '094259216', country: 'EL' }])
    expect(told.filter((line) => line.endsWith(id))).toEqual([`tax_identifier.verified ${id}`])
    expect(await read(id)).toMatchObject({
      state: 'verified',
      stateTransitions: { pending: expect.stringMatching(/Z$/), verified: expect.stringMatching(/Z$/) },
      verifiedName: 'Ordermill AE',
      verifiedAddress: 'Athens',
    })
    expect(await stateOfTask(taskId)).toBe('done')
  })

  it('R217 notes that it is not valid, and never changes its mind', async () => {
    const { id } = await create('de', 'DE123456789')
    expect(
      await verify(
        id,
        await task(),
        verifier(async () => ({ outcome: 'not_valid' })),
      ),
    ).toBe('not_valid')
    const again = await task()
    expect(
      await verify(
        id,
        again,
        verifier(async () => ({ outcome: 'verified' })),
      ),
    ).toBeUndefined()
    expect(await read(id)).toMatchObject({ state: 'not_valid', verifiedName: null })
    expect(told.filter((line) => line.endsWith(id))).toEqual([`tax_identifier.not_valid ${id}`])
    expect(await stateOfTask(again)).toBe('done')
  })

  it('keeps the first of two answers that come at once', async () => {
    const { id } = await create('at', 'ATU13585627')
    const taskId = await task()
    const answers = [{ outcome: 'verified' as const }, { outcome: 'not_valid' as const }]
    const moved = await verify(
      id,
      taskId,
      verifier(async () => {
        await verify(
          id,
          await task(),
          verifier(async () => answers[1] ?? { outcome: 'unavailable' }),
        )
        return answers[0] ?? { outcome: 'unavailable' }
      }),
    )
    expect(moved).toBeUndefined()
    expect((await read(id)).state).toBe('not_valid')
    expect(await stateOfTask(taskId)).toBe('done')
  })

  it('stays pending and is tried again while the register does not answer', async () => {
    const { id } = await create('de', 'DE136695976')
    const taskId = await task()
    const silent = verifier(async () => ({ outcome: 'unavailable' }))
    await expect(verify(id, taskId, silent)).rejects.toMatchObject({
      message: 'tax_register_unavailable',
      retry: true,
    })
    expect((await read(id)).state).toBe('pending')
    expect(await stateOfTask(taskId)).toBe('enqueued')
  })

  it('asks nobody about a type without a register, nor about one that is gone', async () => {
    const { id } = await create('au', '51824753556')
    const never = verifier(() => Promise.reject(new Error('asked')))
    const taskId = await task()
    expect(canBeVerified('au', { hmrc: undefined })).toBe(false)
    expect(await verify(id, taskId, never)).toBeUndefined()
    expect((await read(id)).state).toBe('pending')
    expect(await stateOfTask(taskId)).toBe('done')
    expect(await verify('txid_gone', await task(), never)).toBeUndefined()
  })
})

// Removes the risk that an outage of VIES is taken for its verdict, and a right number is thrown away.
describe('VIES', () => {
  let vies: Server
  let paths: string[]
  let answer: { status: number; body: string }

  beforeAll(async () => {
    vies = createServer((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
    await new Promise<void>((resolve) => vies.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => vies.close())

  const ask = async (status: number, body: unknown) => {
    paths = []
    answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
    const address = vies.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const { verify: verifyNumber } = createViesRegister({
      baseUrl: `http://127.0.0.1:${port}/vies/rest-api`,
      timeoutMs: 2_000,
    })
    return await verifyNumber({ type: 'gr', value: '094259216', country: 'EL' })
  }

  it('is asked by country and number, and says whose it is', async () => {
    const said = { isValid: true, userError: 'VALID', name: 'ORDERMILL AE', address: 'ATHENS\n' }
    expect(await ask(200, said)).toEqual({ outcome: 'verified', name: 'ORDERMILL AE', address: 'ATHENS' })
    expect(paths).toEqual(['/vies/rest-api/ms/EL/vat/094259216'])
  })

  it('does not take dashes for a name', async () => {
    expect(await ask(200, { isValid: true, userError: 'VALID', name: '---', address: '---' })).toEqual({
      outcome: 'verified',
      name: undefined,
      address: undefined,
    })
  })

  it('tells a number that does not exist from a member state that does not answer', async () => {
    expect(await ask(200, { isValid: false, userError: 'INVALID' })).toEqual({ outcome: 'not_valid' })
    for (const userError of ['MS_UNAVAILABLE', 'MS_MAX_CONCURRENT_REQ', 'TIMEOUT', 'SERVICE_UNAVAILABLE']) {
      expect(await ask(200, { isValid: false, userError })).toEqual({ outcome: 'unavailable' })
    }
    expect(await ask(503, { actionSucceed: false })).toEqual({ outcome: 'unavailable' })
    expect(await ask(400, { actionSucceed: false })).toEqual({ outcome: 'unavailable' })
    expect(await ask(200, { surprise: true })).toEqual({ outcome: 'unavailable' })
    expect(await ask(200, '<html>maintenance</html>')).toEqual({ outcome: 'unavailable' })
  })
})

// Removes the risk that an outage of HMRC, or our own lack of a token, is taken for its verdict.
describe('HMRC', () => {
  let hmrc: Server
  let asked: { path: string; accept: string | undefined; authorization: string | undefined }[]
  let answers: { status: number; body: unknown }[]

  beforeAll(async () => {
    hmrc = createServer((request, response) => {
      const { accept, authorization } = request.headers
      asked.push({ path: request.url ?? '', accept, authorization })
      const { status, body } =
        request.url === '/oauth/token'
          ? { status: 200, body: { access_token: `token ${asked.length}`, expires_in: 14_400 } }
          : (answers.shift() ?? { status: 500, body: {} })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => hmrc.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => hmrc.close())

  const register = () => {
    const address = hmrc.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const apiBase = `http://127.0.0.1:${port}`
    return createHmrcRegister({ apiBase, clientId: 'an id', clientSecret: 'a secret', timeoutMs: 2_000 })
  }
  const ask = (value: string, given: typeof answers, from = register()) => {
    asked = []
    answers = given
    return from.verify({ type: 'uk', value, country: 'GB' })
  }
  const target = (vatNumber: string) => ({
    target: { name: 'Ordermill Ltd', vatNumber, address: { line1: '1 High Street', postcode: 'EC1A 1BB' } },
  })

  it('R217 is asked by number with a token, and says whose it is', async () => {
    expect(await ask('000283536', [{ status: 200, body: target('000283536') }])).toEqual({
      outcome: 'verified',
      name: 'Ordermill Ltd',
      address: '1 High Street\nEC1A 1BB',
    })
    expect(asked).toEqual([
      { path: '/oauth/token', accept: 'application/json', authorization: undefined },
      {
        path: '/organisations/vat/check-vat-number/lookup/000283536',
        accept: 'application/vnd.hmrc.2.0+json',
        authorization: 'Bearer token 1',
      },
    ])
  })

  it('tells a number that does not exist from a service that does not answer', async () => {
    expect(await ask('000283536', [{ status: 404, body: { code: 'NOT_FOUND' } }])).toEqual({ outcome: 'not_valid' })
    for (const answer of [
      { status: 404, body: { code: 'MATCHING_RESOURCE_NOT_FOUND' } },
      { status: 404, body: 'no such address' },
      { status: 200, body: { surprise: true } },
      { status: 200, body: target('999999973') },
      { status: 400, body: { code: 'INVALID_REQUEST' } },
      { status: 403, body: { code: 'RESOURCE_FORBIDDEN' } },
      { status: 429, body: { code: 'MESSAGE_THROTTLED_OUT' } },
      { status: 503, body: { code: 'SERVER_ERROR' } },
    ]) {
      expect(await ask('000283536', [answer])).toEqual({ outcome: 'unavailable' })
    }
  })

  it('asks for another token once one is not taken any more', async () => {
    const same = register()
    expect(await ask('000283536', [{ status: 401, body: { code: 'INVALID_CREDENTIALS' } }], same)).toEqual({
      outcome: 'unavailable',
    })
    expect((await ask('000283536', [{ status: 200, body: target('000283536') }], same)).outcome).toBe('verified')
    expect(asked.map(({ path }) => path)[0]).toBe('/oauth/token')
    expect((await ask('000283536', [{ status: 200, body: target('000283536') }], same)).outcome).toBe('verified')
    expect(asked).toHaveLength(1)
  })

  it('is not asked about the numbers of government departments, which stay pending', async () => {
    expect(await ask('GD001', [])).toEqual({ outcome: 'not_kept' })
    expect(asked).toEqual([])
    const { id } = await create('uk', 'GB000283536')
    const taskId = await task()
    const nobody = verifier(async () => ({ outcome: 'not_kept' }))
    expect(await verify(id, taskId, nobody)).toBeUndefined()
    expect([(await read(id)).state, await stateOfTask(taskId)]).toEqual(['pending', 'done'])
  })
})
