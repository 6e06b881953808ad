import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Route } from '../http.ts'

const script = readFileSync(path.join(import.meta.dirname, 'browser.js'), 'utf8')

/** What the script calls from pages of other sites, with a header that browsers ask about before. */
const calledByPages = [
  '/v1/payment_methods',
  '/v1/payment_intents/:id/confirm',
  '/v1/setup_intents/:id',
  '/v1/setup_intents/:id/confirm',
]

/** Stripe's script for browsers, which has a host of its own at Stripe. */
export function browserRoutes(): Route[] {
  const headers = { 'content-type': 'text/javascript; charset=utf-8' }
  return [
    { method: 'GET', path: '/v3/', handle: () => ({ status: 200, body: script, headers }) },
    ...calledByPages.map((address) => ({
      method: 'OPTIONS',
      path: address,
      handle: () => ({
        status: 204,
        body: '',
        headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' },
      }),
    })),
  ]
}
