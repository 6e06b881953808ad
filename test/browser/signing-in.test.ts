import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/operators/passwords.ts'
import { createSecondFactors } from '../../src/operators/second-factor.ts'
import { newId } from '../../src/platform/ids.ts'
import { startMailServer } from '../mail-server.ts'
import { openShop, pageText, type Shop, seller } from './shop.ts'

const password = 'correct horse battery'
const stepMs = 30_000

// Removes the risk that whoever has a password, an old code or an old mail signs in as somebody else.
describe('signing in', () => {
  let shop: Shop
  let mailServer: Awaited<ReturnType<typeof startMailServer>>
  const made = { count: 0 }

  beforeAll(async () => {
    mailServer = await startMailServer()
    shop = await openShop({ SMTP_URL: mailServer.url })
  })
  afterAll(async () => {
    await shop?.close()
    await mailServer?.close()
  })

  const sql = <Row extends object>(text: string, params: unknown[] = []) => shop.system.database.sql<Row>(text, params)
  /** Each of them is counted by itself. */
  const addPerson = async () => {
    made.count += 1
    const [id, email] = [newId('user'), `person-${made.count}@example.com`]
    await sql(
      `insert into users (id, email, password_hash, merchant_id)
       select $1, $2, $3, merchant_id from users where email = $4`,
      [id, email, await hashPassword(password), seller.email],
    )
    return { id, email, password }
  }
  const codeAt = (secret: string, at = Date.now()) =>
    new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30, algorithm: 'SHA1' }).generate({
      timestamp: at,
    })
  const fieldOf = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

  describe('with a second factor', () => {
    /** Somebody who has set one up on the dashboard. The code that has confirmed it is used up. */
    const withFactor = async () => {
      const person = await addPerson()
      const visitor = await shop.signedIn(person)
      const base = '/dashboard/account/second-factor'
      const wrong = await visitor.submit(`${base}/begin`, { password: 'wrong' })
      expect([wrong.status, await pageText(wrong)]).toEqual([
        400,
        expect.stringContaining('This is not your password.'),
      ])
      const page = await pageText(await visitor.submit(`${base}/begin`, { password }))
      const secret = (/aria-label="Key to type">([A-Z2-7 ]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
      expect(page).toContain('<svg')
      expect((await visitor.submit(`${base}/confirm`, { code: '000000' })).status).toBe(400)
      // Until a code was right nothing is asked for.
      await shop.signedIn(person)
      const shown = await pageText(await visitor.submit(`${base}/confirm`, { code: codeAt(secret) }))
      const recovery = /aria-label="Recovery codes">([^<]+)</.exec(shown)?.[1]?.split('\n') ?? []
      return { ...person, secret, recovery, visitor }
    }
    /** What signing in answers after the password, and how a code goes on from there. */
    const halfWay = async (person: { email: string }) => {
      const browser = shop.visitor()
      const page = await pageText(await browser.submit('/dashboard/login', { email: person.email, password }))
      const ticket = fieldOf(page, 'ticket')
      return { browser, ticket, send: (code: string) => browser.submit('/dashboard/login/code', { ticket, code }) }
    }

    it('is asked for after the password, and signs nobody in without', async () => {
      const person = await withFactor()
      const { browser, ticket, send } = await halfWay(person)
      expect(ticket).not.toBe('')
      expect((await browser.get('/dashboard')).status).toBe(303)
      const answer = await send(codeAt(person.secret, Date.now() + stepMs))
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard'])
      expect((await browser.get('/dashboard')).status).toBe(200)
      const forged = await shop.visitor().submit('/dashboard/login/code', { ticket: `${ticket}x`, code: '123456' })
      expect(forged.status).toBe(401)
    })

    it('is asked for by the API, too', async () => {
      const { email, recovery } = await withFactor()
      const signIn = async (body: object) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await shop.visitor().request('POST', '/v2/sessions', { headers, body: JSON.stringify(body) })
        const { errors } = (await answer.json()) as { errors?: { code: string }[] }
        return [answer.status, errors?.[0]?.code]
      }
      expect(await signIn({ email, password })).toEqual([401, 'second_factor_required'])
      expect(await signIn({ email, password, code: '000000' })).toEqual([401, 'unauthorized'])
      expect(await signIn({ email, password, code: recovery[0] })).toEqual([201, undefined])
    })

    it('takes a recovery code once, however it is typed', async () => {
      const person = await withFactor()
      expect(person.recovery).toHaveLength(10)
      const [first = '', second = ''] = person.recovery
      expect((await (await halfWay(person)).send(first.toUpperCase().replaceAll('-', ' '))).status).toBe(303)
      expect((await (await halfWay(person)).send(first)).status).toBe(401)
      expect((await (await halfWay(person)).send(second)).status).toBe(303)
      const [row] = await sql<{ secret: string; hashes: string[] }>(
        'select secret, recovery_hashes as hashes from second_factors where user_id = $1',
        [person.id],
      )
      expect(row?.hashes).toHaveLength(8)
      // What the database has is neither the secret nor a code.
      expect(JSON.stringify(row)).not.toContain(person.secret)
      expect(JSON.stringify(row)).not.toContain(person.recovery[2]?.replaceAll('-', ''))
    })

    it('slows guessing down, and then takes no right code either', async () => {
      const person = await withFactor()
      const answers: number[] = []
      const { send } = await halfWay(person)
      for (let guess = 0; guess < 11; guess += 1) answers.push((await send('000000')).status)
      expect(answers.slice(0, 3)).toEqual([401, 401, 401])
      expect(answers.at(-1)).toBe(429)
      expect((await send(person.recovery[0] ?? '')).status).toBe(429)
    })

    it('takes ten wrong codes of a person, from however many addresses', async () => {
      const { signInLimit } = shop.system.parts
      const anywhere = { header: () => undefined } as never
      const userId = newId('user')
      for (let guess = 0; guess < 10; guess += 1) await signInLimit.spendCode(anywhere, userId)
      await expect(signInLimit.spendCode(anywhere, userId)).rejects.toThrow('Too many requests')
      await signInLimit.spendCode(anywhere, newId('user'))
    })

    it('is turned off with password and code, and with neither alone', async () => {
      const person = await withFactor()
      const off = (form: Record<string, string>) => person.visitor.submit('/dashboard/account/second-factor/off', form)
      expect((await off({ password: 'wrong', code: person.recovery[0] ?? '' })).status).toBe(400)
      expect((await off({ password, code: '000000' })).status).toBe(400)
      expect((await off({ password, code: person.recovery[0] ?? '' })).headers.get('location')).toBe(
        '/dashboard/account?done=factor-off',
      )
      expect((await (await shop.signedIn(person)).get('/dashboard')).status).toBe(200)
    })

    describe('whose codes', () => {
      let at = 1_800_000_000_000
      const factors = () => createSecondFactors(shop.system.config, shop.system.database.sql, () => at)
      const ready = async () => {
        const userId = newId('user')
        const secret = (await factors().begin(userId)) ?? ''
        expect(await factors().use(userId, codeAt(secret, at))).toBe(false)
        expect(await factors().confirm(userId, codeAt(secret, at - stepMs))).toHaveLength(10)
        return { userId, secret }
      }

      it('count one step before and after their time, and no longer', async () => {
        const { userId, secret } = await ready()
        expect(await factors().use(userId, codeAt(secret, at + 2 * stepMs))).toBe(false)
        expect(await factors().use(userId, codeAt(secret, at))).toBe(true)
        expect(await factors().use(userId, codeAt(secret, at + stepMs))).toBe(true)
        at += 10 * stepMs
        expect(await factors().use(userId, codeAt(secret, at - 2 * stepMs))).toBe(false)
        expect(await factors().use(userId, codeAt(secret, at - stepMs))).toBe(true)
      })

      it('are used once: not the same again, not an older one after, and not by two at the same time', async () => {
        const { userId, secret } = await ready()
        // The one that has confirmed the app is used, too.
        expect(await factors().use(userId, codeAt(secret, at - stepMs))).toBe(false)
        const both = await Promise.all([1, 2, 3, 4].map(() => factors().use(userId, codeAt(secret, at))))
        expect(both.filter(Boolean)).toHaveLength(1)
        expect(await factors().use(userId, codeAt(secret, at))).toBe(false)
        at += 10 * stepMs
        expect(await factors().use(userId, codeAt(secret, at))).toBe(true)
        expect(await factors().use(userId, codeAt(secret, at - stepMs))).toBe(false)
      })

      it('come of a secret that nobody replaces once it counts', async () => {
        const { userId } = await ready()
        expect(await factors().begin(userId)).toBeUndefined()
        expect(await factors().confirm(userId, '123456')).toBeUndefined()
      })
    })
  })

  describe('with a forgotten password', () => {
    const ask = (email: string) => shop.visitor().submit('/dashboard/login/forgotten', { email })
    /** The token of the mail that somebody got. */
    const mailed = async (email: string): Promise<string> => {
      const deadline = Date.now() + 20_000
      while (Date.now() < deadline) {
        const raw = mailServer.received
          .find(({ to }) => to === email)
          ?.raw.replace(/=\r?\n/g, '')
          .replaceAll('=3D', '=')
        const token = raw && /reset\?token=([\w.-]+)/.exec(raw)?.[1]
        if (token) return token
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error('no mail came')
    }
    const set = (token: string, wanted: string) => shop.visitor().submit('/dashboard/login/reset', { token, wanted })

    it('answers a known and an unknown address alike, and mails the known one alone', async () => {
      const { email } = await addPerson()
      const [known, unknown] = [await ask(email), await ask('nobody@example.com')]
      expect([known.status, unknown.status]).toEqual([200, 200])
      expect(await known.text()).toBe(await unknown.text())
      await mailed(email)
      expect(mailServer.received.some(({ to }) => to === 'nobody@example.com')).toBe(false)
      // An operator is not let in by a mail.
      await ask('admin@example.com')
      expect(
        await sql(`select 1 from password_resets r join users u on u.id = r.user_id where u.merchant_id is null`),
      ).toEqual([])
      // Asked again at once nothing more goes out.
      await ask(email)
      expect(
        await sql('select 1 from password_resets r join users u on u.id = r.user_id where u.email = $1', [email]),
      ).toHaveLength(1)
    })

    it('sets a new one once, and ends every session', async () => {
      const person = await addPerson()
      const before = await shop.signedIn(person)
      await ask(person.email)
      const token = await mailed(person.email)
      const page = await pageText(await shop.visitor().get(`/dashboard/login/reset?token=${token}`))
      expect(page).toContain(person.email)
      expect((await set(token, 'short')).status).toBe(400)
      const both = await Promise.all([set(token, 'a new password'), set(token, 'another password')])
      expect(both.map(({ status }) => status).toSorted()).toEqual([303, 410])
      expect((await before.get('/dashboard')).status).toBe(303)
      const won = both[0]?.status === 303 ? 'a new password' : 'another password'
      await shop.signedIn({ email: person.email, password: won })
      expect((await shop.visitor().submit('/dashboard/login', person)).status).toBe(401)
      expect((await shop.visitor().get(`/dashboard/login/reset?token=${token}`)).status).toBe(410)
    })

    it('takes no token that is older than half an hour, of a password that was changed since, or nobody’s', async () => {
      const [late, changed] = [await addPerson(), await addPerson()]
      await ask(late.email)
      await ask(changed.email)
      const [old, voided] = [await mailed(late.email), await mailed(changed.email)]
      const [row] = await sql<{ minutes: number }>(
        `select round(extract(epoch from expires_at - created_at) / 60)::int as minutes from password_resets where user_id = $1`,
        [late.id],
      )
      expect(row?.minutes).toBe(30)
      await sql(`update password_resets set expires_at = now() where user_id = $1`, [late.id])
      const visitor = await shop.signedIn(changed)
      await visitor.submit('/dashboard/account/password', { present: password, wanted: 'changed by hand' })
      for (const token of [old, voided, 'nobodys', '']) expect((await set(token, 'a new password')).status).toBe(410)
      await shop.signedIn(late)
    })

    it('asks for the second factor all the same', async () => {
      const person = await addPerson()
      const factors = createSecondFactors(shop.system.config, shop.system.database.sql)
      const secret = (await factors.begin(person.id)) ?? ''
      await factors.confirm(person.id, codeAt(secret))
      await ask(person.email)
      expect((await set(await mailed(person.email), 'a new password')).status).toBe(303)
      const browser = shop.visitor()
      const answer = await browser.submit('/dashboard/login', { email: person.email, password: 'a new password' })
      expect(await pageText(answer)).toContain('Enter a code')
      expect((await browser.get('/dashboard')).status).toBe(303)
    })
  })
})
