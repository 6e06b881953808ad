import type { Context } from 'hono'
import { enterStatement } from '../../../audit/enter-statement.ts'
import { explainFinding, listFindings } from '../../../audit/findings.ts'
import { listStatements, readStatement, type StatementView } from '../../../audit/read-statements.ts'
import { readAudit, runAudit } from '../../../audit/run-audit.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { readStatementCsv } from '../../../providers/read-statement.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { auditPage } from '../../pages/audit-page.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { statementPage } from '../../pages/statement-page.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { toNewStatement } from '../../statement-input.ts'
import { limitStatement } from '../settlements/enter-statement.ts'
import { explanation } from './explain-finding.ts'

const shownFindings = 50
const shownStatements = 12
const shownProblems = 10

/** What the page says after a form has been carried out, by the code in its address. */
const done: Record<string, string> = {
  compared: 'The books were read to their end and compared.',
  explained: 'The reason is noted.',
}

/** `/ops/audit`: how the providers' books stand to ours, with what a person has to explain. */
export function registerAuditPage(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const { graceMs } = parts.config.audit
  const operatorOnly = requireOperator(parts)
  const show = async (c: Context, problem?: string, status: PageStatus = 200) => {
    const [balances, { hasMore, findings }, { statements }] = await Promise.all([
      readAudit(sql, graceMs),
      listFindings(sql, 'open', { limit: shownFindings, startingAfter: c.req.query('after') || undefined }),
      listStatements(sql, { limit: shownStatements }),
    ])
    const older = hasMore ? findings.at(-1)?.id : undefined
    const page = {
      balances,
      findings,
      statements,
      after: c.req.query('after'),
      older,
      problem,
      done: done[c.req.query('done') ?? ''],
    }
    return sendPage(c, auditPage(page), status)
  }

  app.get('/ops/audit', operatorOnly, (c) => show(c))

  app.post('/ops/audit', operatorOnly, async (c) => {
    try {
      await runAudit(parts, graceMs)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      parts.log.warn({ provider: error.provider, code: error.code }, 'a provider does not show its books')
      return show(c, `${error.provider} does not show its books: ${error.code}. Try again later.`, 503)
    }
    return c.redirect('/ops/audit?done=compared', 303)
  })

  app.post('/ops/audit/:id/explain', operatorOnly, async (c) => {
    const parsed = explanation.safeParse({ reason: (await c.req.parseBody()).reason })
    if (!parsed.success) return show(c, 'Please give a reason of at most 500 characters.', 400)
    const author = c.get('operator').email
    const finding = { id: c.req.param('id'), reason: parsed.data.reason.replaceAll('\0', ''), author }
    if (!(await explainFinding(sql, finding))) throw new ApiError('not_found')
    return c.redirect('/ops/audit?done=explained', 303)
  })

  app.post('/ops/audit/statements', operatorOnly, limitStatement, async (c) => {
    try {
      const { id } = await enterSentStatement(parts, await c.req.parseBody(), c.get('operator').email)
      return c.redirect(`/ops/audit/statements/${id}`, 303)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error
      const problems = [error, ...error.further].slice(0, shownProblems).map(({ message }) => message)
      return show(c, problems.join(' '), error.status === 413 ? 413 : 400)
    }
  })

  app.get('/ops/audit/statements/:id', operatorOnly, async (c) =>
    sendPage(c, statementPage(await readStatement(sql, c.req.param('id')))),
  )
}

/** @throws ApiError for a file that is no statement of this provider */
async function enterSentStatement(parts: ApiParts, form: Record<string, unknown>, by: string): Promise<StatementView> {
  const { file, provider } = form
  if (!(file instanceof File) || file.size === 0) throw new ApiError('file_required', { message: 'Choose a CSV file.' })
  const bytes = new Uint8Array(await file.arrayBuffer())
  const input = toNewStatement({ provider: String(provider), by }, (format) => readStatementCsv(bytes, format))
  return (await enterStatement(parts, input, parts.config.audit.graceMs)).statement
}
