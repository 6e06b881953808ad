import { AuditFindingEntity } from '../audit/audit-finding.entity.ts'
import { BankLineEntity, BankMarkEntity } from '../audit/bank-line.entity.ts'
import { SettlementStatementEntity } from '../audit/settlement-statement.entity.ts'
import { LicenceKeyEntity } from '../catalog/licence-key.entity.ts'
import { ProductEntity } from '../catalog/product.entity.ts'
import { SkuEntity } from '../catalog/sku.entity.ts'
import { ChargeEntity } from '../charges/charge.entity.ts'
import { ChargeEntryEntity } from '../charges/charge-entry.entity.ts'
import { CheckoutEntity, CheckoutItemEntity, ShippingRateEntity } from '../checkouts/checkout.entity.ts'
import { SellingEntityEntity } from '../checkouts/selling-entity.entity.ts'
import { CouponEntity, CouponRedemptionEntity } from '../coupons/coupon.entity.ts'
import { CustomerEntity } from '../customers/customer.entity.ts'
import { TaxIdentifierEntity } from '../customers/tax-identifier.entity.ts'
import { DisputeEntity } from '../disputes/dispute.entity.ts'
import { DocumentNumberEntity, OrderDocumentEntity } from '../documents/document.entity.ts'
import { ErasureEntity } from '../erasure/erasure.entity.ts'
import { FileEntity } from '../files/file.entity.ts'
import { FileLinkEntity } from '../files/file-link.entity.ts'
import { PictureSizeEntity } from '../files/picture-size.entity.ts'
import { DeniedPersonEntity } from '../fraud/denied-person.entity.ts'
import { FraudFindingEntity } from '../fraud/fraud-finding.entity.ts'
import { FraudSignalEntity } from '../fraud/fraud-signal.entity.ts'
import { FulfillmentEntity, ReturnEntity } from '../fulfillment/fulfillment.entity.ts'
import { DownloadEntity } from '../goods/download.entity.ts'
import { MockUpEntity } from '../goods/mock-up.entity.ts'
import { DeliveryEntity, ShipmentEntity } from '../goods/shipment.entity.ts'
import { InboxEventEntity } from '../inbox/inbox-event.entity.ts'
import { LedgerEntryEntity } from '../ledger/ledger-entry.entity.ts'
import { LinkEntity } from '../links/link.entity.ts'
import { CountedOrderEntity, RevenueMarkEntity, RevenueSumEntity } from '../links/revenue.entity.ts'
import { ApiKeyEntity } from '../merchants/api-key.entity.ts'
import { BrandEntity } from '../merchants/brand.entity.ts'
import { IdempotencyKeyEntity } from '../merchants/idempotency-key.entity.ts'
import { MerchantEntity } from '../merchants/merchant.entity.ts'
import { RecipientEntity } from '../merchants/recipient.entity.ts'
import { MailEntity } from '../notifications/mail.entity.ts'
import { OperationEntity } from '../operations/operation.entity.ts'
import { RestoreEntity } from '../operations/restore.entity.ts'
import { PasswordResetEntity } from '../operators/password-reset.entity.ts'
import { SecondFactorEntity } from '../operators/second-factor.entity.ts'
import { SessionEntity, UserEntity } from '../operators/user.entity.ts'
import { OrderEntity, OrderItemEntity } from '../orders/order.entity.ts'
import { OrderNoteEntity, OrderTagEntity } from '../orders/order-note.entity.ts'
import { OutgoingEventEntity } from '../outgoing/outgoing-event.entity.ts'
import { EventDeliveryEntity, WebhookEndpointEntity } from '../outgoing/webhook-endpoint.entity.ts'
import { PayoutEntity } from '../payouts/payout.entity.ts'
import { ProviderTokenEntity } from '../providers/provider-token.entity.ts'
import { RefundEntity } from '../refunds/refund.entity.ts'
import { SourceEntity } from '../sources/source.entity.ts'
import { SplitEntity } from '../splits/split.entity.ts'
import { TaskEntity } from '../tasks/task.entity.ts'
import { TaxRateEntity } from '../tax/tax-rate.entity.ts'
import { EventSequenceEntity, TimelineEntity } from '../timeline/timeline.entity.ts'

/** Every table of the database; migrations are generated from this list. */
export const entities = [
  ApiKeyEntity,
  BrandEntity,
  AuditFindingEntity,
  BankLineEntity,
  BankMarkEntity,
  ChargeEntity,
  ChargeEntryEntity,
  CheckoutEntity,
  CheckoutItemEntity,
  CountedOrderEntity,
  CustomerEntity,
  DeliveryEntity,
  DeniedPersonEntity,
  DisputeEntity,
  EventDeliveryEntity,
  EventSequenceEntity,
  DocumentNumberEntity,
  DownloadEntity,
  ErasureEntity,
  FileEntity,
  FileLinkEntity,
  PictureSizeEntity,
  FraudFindingEntity,
  FraudSignalEntity,
  FulfillmentEntity,
  IdempotencyKeyEntity,
  InboxEventEntity,
  LedgerEntryEntity,
  LicenceKeyEntity,
  LinkEntity,
  MailEntity,
  MerchantEntity,
  OperationEntity,
  OrderDocumentEntity,
  OrderEntity,
  OrderItemEntity,
  OutgoingEventEntity,
  PayoutEntity,
  RecipientEntity,
  CouponEntity,
  CouponRedemptionEntity,
  ProviderTokenEntity,
  RefundEntity,
  RestoreEntity,
  ReturnEntity,
  RevenueMarkEntity,
  RevenueSumEntity,
  SellingEntityEntity,
  SessionEntity,
  SecondFactorEntity,
  OrderNoteEntity,
  OrderTagEntity,
  PasswordResetEntity,
  SettlementStatementEntity,
  ShipmentEntity,
  ShippingRateEntity,
  ProductEntity,
  MockUpEntity,
  SkuEntity,
  SourceEntity,
  SplitEntity,
  TaskEntity,
  TaxIdentifierEntity,
  TaxRateEntity,
  TimelineEntity,
  UserEntity,
  WebhookEndpointEntity,
] as const
