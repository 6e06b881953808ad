import type { Queue } from 'bullmq'
import type { QueueName } from '../../queues/catalog.ts'
import type { Carriers } from '../carriers/carriers.ts'
import type { DocumentFonts } from '../documents/document-fonts.ts'
import type { Files } from '../files/files.ts'
import type { FraudScreen } from '../fraud/screen-order.ts'
import type { SecondFactors } from '../operators/second-factor.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import type { TaxCalculator } from '../tax/tax-calculator.ts'
import type { Limits } from './limits/limits.ts'
import type { SignInLimit } from './limits/sign-in-limit.ts'
import type { KeyDirectory } from './middleware/require-key.ts'
import type { Tellers } from './tell-merchants.ts'

/** What a route may use; made once by the composition root. */
export type ApiParts = UnitOfWork & {
  config: Config
  log: Log
  metrics: Metrics
  providers: PaymentProviders
  carriers: Carriers
  keys: KeyDirectory
  limits: Limits
  signInLimit: SignInLimit
  secondFactors: SecondFactors
  files: Files
  fonts: DocumentFonts
  tax: TaxCalculator
  fraud: FraudScreen
  tell: Tellers
  /** The queues themselves, for Bull Board and probes; work is put into them through the bell only. */
  queues: Record<QueueName, Queue>
  /** `begun` once this process was told to stop: it still answers, and says that nobody should come any more. */
  stopping: { begun: boolean }
}
