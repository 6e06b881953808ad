import type { ApiApp } from '../../env.ts'
import { readGuides } from '../../guides/read-guides.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { registerCreateSession } from '../sessions/create-session.ts'
import { registerDeleteSession } from '../sessions/delete-session.ts'
import { registerAuditPage } from './audit-page.ts'
import { registerBullBoard } from './bull-board.ts'
import { registerDeniedPersons } from './denied-persons.ts'
import { registerDocs } from './docs.ts'
import { registerExplainFinding } from './explain-finding.ts'
import { registerGuides } from './guides.ts'
import { registerHealth } from './health.ts'
import { registerHome } from './home.ts'
import { registerListAccountBalances } from './list-account-balances.ts'
import { registerListFindings } from './list-findings.ts'
import { registerListJournal } from './list-journal.ts'
import { registerListLedger } from './list-ledger.ts'
import { registerListOrphans } from './list-orphans.ts'
import { registerListTasks } from './list-tasks.ts'
import { registerLogin } from './login.ts'
import { registerLogout } from './logout.ts'
import { registerMailbox } from './mailbox.ts'
import { registerMetrics } from './metrics.ts'
import { registerOpenApi } from './openapi.ts'
import { registerOperatorOrders } from './orders.ts'
import { registerOperatorPayouts } from './payouts.ts'
import { registerOperators } from './people.ts'
import { registerReadTaxReport } from './read-tax-report.ts'
import { registerReady } from './ready.ts'
import { registerReplayInbox } from './replay-inbox.ts'
import { registerRetryTask } from './retry-task.ts'
import { registerRunAudit } from './run-audit.ts'
import { registerSetCommission } from './set-commission.ts'

/**
 * Everything for the people who run this installation: sessions, pages, Bull Board, the operations API, probes and docs.
 * Nothing here changes a queue's state by itself.
 */
export function registerOperations(app: ApiApp, parts: ApiParts): void {
  registerCreateSession(app, parts)
  registerDeleteSession(app, parts)

  registerListTasks(app, parts)
  registerRetryTask(app, parts)
  registerListOrphans(app, parts)
  registerReplayInbox(app, parts)
  registerRunAudit(app, parts)
  registerListFindings(app, parts)
  registerExplainFinding(app, parts)
  registerListLedger(app, parts)
  registerListAccountBalances(app, parts)
  registerListJournal(app, parts)
  registerReadTaxReport(app, parts)
  registerOperatorPayouts(app, parts)
  registerDeniedPersons(app, parts)
  registerSetCommission(app, parts)
  registerOperators(app, parts)

  registerLogin(app, parts)
  registerLogout(app, parts)
  registerHome(app, parts)
  registerMailbox(app, parts)
  registerOperatorOrders(app, parts)
  registerAuditPage(app, parts)
  registerBullBoard(app, parts)

  registerHealth(app)
  registerReady(app, parts)
  registerMetrics(app, parts)
  const readDocument = registerOpenApi(app, parts)
  const guides = readGuides()
  registerDocs(app, guides, readDocument)
  registerGuides(app, guides, readDocument)
}
