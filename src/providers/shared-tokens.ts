import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import { ProviderError } from '../platform/provider-error.ts'

/** A token as a provider hands it out. Times in seconds from now. */
export type NewToken = {
  accessToken: string
  validSeconds: number
  refreshToken?: string | undefined
  refreshSeconds?: number | undefined
}

/** Access tokens that all processes share, for a provider that hands out few of them. */
export type SharedTokens = {
  /**
   * The token of a name. Where there is none that is valid for another minute, one process at a time asks for a new one by `renew`, with the
   * token to refresh by where that is still valid, and the others wait for its answer.
   * @throws ProviderError as `renew` does; `unavailable` `token_under_way` when the other process does not answer in time, or
   * `token_asked_too_often`, with the time to wait, while the provider is left alone that said so
   */
  get(name: string, renew: (refreshToken: string | undefined) => Promise<NewToken>): Promise<string>
  /** The provider does not take this token any more. */
  forget(name: string, accessToken: string): Promise<void>
}

/** A token is renewed so long before it ends that a call which begins with it ends in time. */
const marginSeconds = 60
const pollMs = 100
const tooMany = 'http_429'
/** How long a provider is left alone that says it is asked too often, and not for how long. */
const pauseMs = 5_000

const read = statement<{ name: string; margin: number }>()((db, $) =>
  db
    .selectFrom('provider_tokens')
    .select((row) => [
      row
        .case()
        .when('valid_until', '>', sql<Date>`now() + make_interval(secs => ${$.margin})`)
        .then(row.ref('access_token'))
        .end()
        .as('accessToken'),
      sql<number>`(1000 * extract(epoch from left_alone_until - now()))::float8`.as('leftAloneMs'),
    ])
    .where('name', '=', $.name),
)

/** Claims the renewal, unless somebody has it; answers with the token to refresh by. */
const claim = statement<{ name: string; leaseSeconds: number; margin: number }>()((db, $) =>
  db
    .insertInto('provider_tokens')
    .values({ name: $.name, renewing_until: sql<Date>`now() + make_interval(secs => ${$.leaseSeconds})` })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((row) => ({ renewing_until: row.ref('excluded.renewing_until') }))
        .where(sql<boolean>`coalesce(provider_tokens.renewing_until, now()) <= now()
          and coalesce(provider_tokens.valid_until, now()) <= now() + make_interval(secs => ${$.margin})`),
    )
    .returning((row) =>
      row.case().when('refresh_until', '>', now).then(row.ref('refresh_token')).end().as('refreshToken'),
    ),
)

const store = statement<{
  name: string
  accessToken: string
  validSeconds: number
  refreshToken: string | null
  refreshSeconds: number
}>()((db, $) =>
  db
    .updateTable('provider_tokens')
    .set({
      access_token: $.accessToken,
      valid_until: sql<Date>`now() + make_interval(secs => ${$.validSeconds})`,
      refresh_token: $.refreshToken,
      refresh_until: sql<Date>`now() + make_interval(secs => ${$.refreshSeconds})`,
      renewing_until: null,
    })
    .where('name', '=', $.name),
)

/** Lets others ask, after the time that the provider wants to be left alone; anew, for it may have been the token to refresh by. */
const release = statement<{ name: string; waitSeconds: number }>()((db, $) =>
  db
    .updateTable('provider_tokens')
    .set({
      renewing_until: null,
      refresh_until: null,
      left_alone_until: sql<Date>`now() + make_interval(secs => ${$.waitSeconds})`,
    })
    .where('name', '=', $.name),
)

const drop = statement<{ name: string; accessToken: string }>()((db, $) =>
  db
    .updateTable('provider_tokens')
    .set({ valid_until: null })
    .where('name', '=', $.name)
    .where('access_token', '=', $.accessToken),
)

/** Said at once and not waited for: whoever calls knows better than a request that is held open when to try again. */
function leftAlone(name: string, retryAfterMs: number): ProviderError {
  return new ProviderError(name, 'unavailable', 'token_asked_too_often', {
    outage: false,
    retryAfterMs: Math.ceil(retryAfterMs),
  })
}

/**
 * Tokens kept in the database. A renewal is a lease and no lock, so that nobody holds a connection while a provider is asked; a process that
 * dies with it is waited for no longer than a call may take. Requests of one process for one token wait together.
 */
export function createSharedTokens(on: { sql: Sql }, timeoutMs: number): SharedTokens {
  const waiting = new Map<string, Promise<string>>()
  const leaseSeconds = (timeoutMs * 2) / 1000

  async function find(name: string, renew: (refreshToken: string | undefined) => Promise<NewToken>): Promise<string> {
    for (const end = Date.now() + timeoutMs * 2.5; Date.now() < end; await pause(pollMs)) {
      const [known] = await read(on, { name, margin: marginSeconds })
      if (known?.accessToken) return known.accessToken
      if (known?.leftAloneMs && known.leftAloneMs > 0) throw leftAlone(name, known.leftAloneMs)
      const [claimed] = await claim(on, { name, leaseSeconds, margin: marginSeconds })
      if (claimed) return await renewed(name, renew, claimed.refreshToken ?? undefined)
    }
    throw new ProviderError(name, 'unavailable', 'token_under_way', { outage: false })
  }

  async function renewed(
    name: string,
    renew: (refreshToken: string | undefined) => Promise<NewToken>,
    refreshToken: string | undefined,
  ): Promise<string> {
    try {
      const token = await renew(refreshToken)
      await store(on, {
        name,
        accessToken: token.accessToken,
        validSeconds: token.validSeconds,
        refreshToken: token.refreshToken ?? null,
        refreshSeconds: token.refreshSeconds ?? 0,
      })
      return token.accessToken
    } catch (error) {
      const asked = error instanceof ProviderError && error.code === tooMany ? (error.retryAfterMs ?? pauseMs) : 0
      await release(on, { name, waitSeconds: asked / 1000 })
      throw error
    }
  }

  return {
    get(name, renew) {
      const already = waiting.get(name)
      if (already) return already
      const token = find(name, renew).finally(() => waiting.delete(name))
      waiting.set(name, token)
      return token
    },
    async forget(name, accessToken) {
      await drop(on, { name, accessToken })
    },
  }
}

/** Tokens of this process alone, for callers without a database, such as tests of one adapter. */
export function ownTokens(): SharedTokens {
  const kept = new Map<string, { token: NewToken; validUntil: number }>()
  return {
    async get(name, renew) {
      const known = kept.get(name)
      if (known && known.validUntil > Date.now()) return known.token.accessToken
      const token = await renew(known?.token.refreshToken)
      kept.set(name, { token, validUntil: Date.now() + (token.validSeconds - marginSeconds) * 1000 })
      return token.accessToken
    },
    async forget(name, accessToken) {
      if (kept.get(name)?.token.accessToken === accessToken) kept.delete(name)
    },
  }
}
