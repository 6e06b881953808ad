import { closeSession } from '../../../operators/sessions.ts'
import type { ApiApp } from '../../env.ts'
import { checkSameOrigin, clearSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../parts.ts'

/** `POST /ops/logout`: the sign-out button. */
export function registerLogout(app: ApiApp, parts: ApiParts): void {
  app.post('/ops/logout', async (c) => {
    checkSameOrigin(c, parts)
    const token = sessionToken(c)
    if (token) await closeSession(parts.database.sql, token)
    clearSessionCookie(c, parts)
    return c.redirect('/ops/login', 303)
  })
}
