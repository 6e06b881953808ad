import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

/** Keeps connections to the host of `url` open between requests: a new one costs more than most requests do. */
export const createKeepAliveAgent = (url: string): HttpAgent =>
  new (new URL(url).protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true })
