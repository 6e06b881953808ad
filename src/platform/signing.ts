import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './config.ts'

/** Signs texts, so that nobody else can make or change them. */
export type Signer = {
  /** `base64url(text).base64url(HMAC-SHA256)` */
  sign(text: string): string
  /** The text of a token that this installation has signed, else undefined. */
  open(token: string): string | undefined
}

/**
 * A signer for one purpose: a token of another purpose does not open. The secret is `SIGNING_SECRET` or the one kept in the
 * data folder, read with the first token; either way a token outlives a restart.
 */
export function createSigner(config: Pick<Config, 'signingSecret' | 'dataDir'>, purpose: string): Signer {
  let secret: string | undefined
  const digest = (payload: string) => {
    secret ??= config.signingSecret ?? keptSecret(config.dataDir)
    return createHmac('sha256', secret).update(`${purpose}\n${payload}`).digest()
  }
  return {
    sign(text) {
      const payload = Buffer.from(text).toString('base64url')
      return `${payload}.${digest(payload).toString('base64url')}`
    },
    open(token) {
      const [payload = '', signature = '', ...more] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const wanted = digest(payload)
      // The length is no secret, and timingSafeEqual wants it equal.
      if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
      return Buffer.from(payload, 'base64url').toString()
    },
  }
}

/** The random secret of this installation. Of several processes that start at once the first to link its file into place wins. */
function keptSecret(dataDir: string): string {
  const file = path.resolve(dataDir, 'signing-secret')
  mkdirSync(path.dirname(file), { recursive: true })
  const mine = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(mine, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(mine, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(mine)
  }
  return readFileSync(file, 'utf8')
}
