import { createHash, timingSafeEqual } from 'node:crypto'

/** Who asks for metrics: the socket's address, and what the request says of itself. */
export type MetricsReader = {
  address: string | undefined
  /** `X-Forwarded-For` or `Forwarded`. */
  forwarded: string | undefined
  authorization: string | undefined
}

/** Whether metrics are shown: to callers on this machine, and to whoever has the token. */
export const mayReadMetrics = (reader: MetricsReader, token: string | undefined): boolean =>
  isLocal(reader) || hasToken(reader, token)

const loopback = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/

/**
 * Judged by the socket, because anybody can write `X-Forwarded-For`. A request that carries it came through a proxy on
 * this machine, though, and speaks for somebody else.
 */
const isLocal = ({ address, forwarded }: MetricsReader): boolean =>
  forwarded === undefined && loopback.test(address ?? '')

function hasToken({ authorization }: MetricsReader, token: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined || given === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}
