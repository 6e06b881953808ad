import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../../platform/config.ts'
import { createSigner } from '../../platform/signing.ts'
import type { AddressReader } from './client-address.ts'
import type { Counters } from './counters.ts'
import { refuse } from './limits.ts'

const quarterHour = 15 * 60
const ofAccountAndAddress = { points: 10, seconds: quarterHour }
const ofAccount = { points: 100, seconds: quarterHour }
const ofAddress = { points: 100, seconds: quarterHour }
/** A browser that has signed in before: it may be wrong as often as one address. */
const ofDevice = { points: 10, seconds: quarterHour }

/** Codes of a second factor, whoever tries from wherever: they have six digits. */
const ofCodes = { points: 10, seconds: quarterHour }

const cookieName = 'ordermill_device'
const deviceDays = 180

/** Slows down guessing of passwords. */
export type SignInLimit = {
  /** Counts an attempt before it is made. @throws ApiError `too_many_requests`, with `Retry-After` set on the answer */
  spend(c: Context, email: string): Promise<void>
  /** Takes the attempt back and remembers the browser of somebody who knew the password in the end. */
  forgive(c: Context, email: string): Promise<void>
  /** Counts a code of a second factor before it is tried. @throws ApiError `too_many_requests`, as {@link spend} does */
  spendCode(c: Context, userId: string): Promise<void>
  forgiveCodes(userId: string): Promise<void>
}

/**
 * Ten failures of an account at one address, a hundred of an account, a hundred of an address, in fifteen minutes. Who guesses from
 * many addresses uses up the account's hundred, but locks nobody out: a browser that has signed in to this account before holds a
 * signed cookie, and is counted by itself.
 */
export function createSignInLimit(counters: Counters, addressOf: AddressReader, config: Config): SignInLimit {
  const pairs = counters.shared('sign-in-pair', ofAccountAndAddress)
  const accounts = counters.shared('sign-in-account', ofAccount)
  const addresses = counters.shared('sign-in-address', ofAddress)
  const devices = counters.shared('sign-in-device', ofDevice)
  const codes = counters.shared('sign-in-code', ofCodes)
  const signer = createSigner(config, 'device of an account')
  const secure = new URL(config.publicUrl).protocol === 'https:'

  const callerOf = (c: Context, typed: string) => {
    const account = typed.toLowerCase()
    const address = addressOf(c)
    const device = signer.open(getCookie(c, cookieName) ?? '')
    return {
      account,
      address,
      pair: `${account} ${address}`,
      device: device?.endsWith(` ${account}`) ? device : undefined,
    }
  }
  return {
    async spend(c, email) {
      const { account, address, pair, device } = callerOf(c, email)
      if (device !== undefined) return refuse(c, await devices.count(device))
      refuse(c, await addresses.count(address))
      refuse(c, await pairs.count(pair))
      refuse(c, await accounts.count(account))
    },
    async forgive(c, email) {
      const { account, address, pair, device } = callerOf(c, email)
      if (device !== undefined) return devices.forget(device, 'all')
      await Promise.all([addresses.forget(address, 'one'), accounts.forget(account, 'one'), pairs.forget(pair, 'all')])
      setCookie(c, cookieName, signer.sign(`${randomBytes(16).toString('base64url')} ${account}`), {
        path: '/',
        httpOnly: true,
        sameSite: 'Strict',
        secure,
        maxAge: deviceDays * 86_400,
      })
    },
    spendCode: async (c, userId) => refuse(c, await codes.count(userId)),
    forgiveCodes: async (userId) => {
      await codes.forget(userId, 'all')
    },
  }
}
