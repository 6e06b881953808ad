import { closeSession } from '../../../operators/sessions.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { checkSameOrigin, clearSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** `POST /ops/logout`: the sign-out button. */
export function registerLogout(app: ApiApp, parts: ApiParts): void {
  app.post('/ops/logout', openToAnyone, async (c) => {
    checkSameOrigin(c, parts)
    const token = sessionToken(c)
    if (token) await closeSession(parts.database.sql, token)
    clearSessionCookie(c, parts)
    return c.redirect('/ops/login', 303)
  })
}
