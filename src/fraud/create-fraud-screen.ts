import type { Database } from '../database/database.ts'
import type { Config } from '../platform/config.ts'
import { storeFindings } from './findings.ts'
import { createDeniedPersonsJudge } from './judge-denied-persons.ts'
import { createVelocityJudge } from './judge-velocity.ts'
import { type FraudScreen, sternest } from './screen-order.ts'

/**
 * The screen every order of a checkout with a source goes through before its money is asked for: all judges look at the same time,
 * the sternest decides, and what they found stays with the order. What the payment provider thinks comes with its answer later.
 * A judge that cannot judge fails the screen: an order is never let through because nobody looked.
 */
export function createFraudScreen({ database, config }: { database: Database; config: Config }): FraudScreen {
  const judges = [createDeniedPersonsJudge({ database, config }), createVelocityJudge({ database, config })]
  return {
    async screen(input) {
      const findings = await Promise.all(judges.map((judge) => judge(input)))
      await storeFindings(database, input.orderId, findings)
      return { outcome: sternest(findings), findings }
    },
  }
}
