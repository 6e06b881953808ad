import { Migration } from '@mikro-orm/migrations'

/**
 * An `Idempotency-Key` belongs to the API key it was sent with. Of answers that were stored before, nobody knows which key that was:
 * every secret key of the merchant gets them, so that a server's repetition across the update is still answered once.
 */
export class Migration20261125230000_idempotency_by_key extends Migration {
  override name = 'Migration20261125230000_idempotency_by_key'

  override up(): void {
    this.addSql(`alter table idempotency_keys drop constraint idempotency_keys_pkey, add column api_key_id text`)
    this.addSql(`
      insert into idempotency_keys (api_key_id, merchant_id, key, request_hash, status, response, created_at)
      select a.id, i.merchant_id, i.key, i.request_hash, i.status, i.response, i.created_at
      from idempotency_keys i join api_keys a on a.merchant_id = i.merchant_id and a.kind = 'secret' and a.revoked_at is null`)
    this.addSql(`delete from idempotency_keys where api_key_id is null`)
    this.addSql(`alter table idempotency_keys add primary key (api_key_id, key)`)
  }
}
