import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../platform/config.ts'

const cookieName = 'ordermill_order'

type Settings = Pick<Config, 'publicUrl' | 'paymentWindowMinutes'>

/** The token of the order that this browser began at the link it asks for. */
export const readOrderCookie = (c: Context): string | undefined => getCookie(c, cookieName)

/** Lets a browser hold the token of its order: for one link only, as long as the order can be paid, and out of reach of scripts. */
export function sendOrderCookie(c: Context, config: Settings, path: string, token: string): void {
  setCookie(c, cookieName, token, {
    path,
    httpOnly: true,
    sameSite: 'Strict',
    secure: new URL(config.publicUrl).protocol === 'https:',
    maxAge: config.paymentWindowMinutes * 60,
  })
}
