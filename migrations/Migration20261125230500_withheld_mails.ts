import { Migration } from '@mikro-orm/migrations'

/** Mails about orders that nobody has paid are sent to one address so many times; the others are withheld. */
export class Migration20261125230500_withheld_mails extends Migration {
  override name = 'Migration20261125230500_withheld_mails'

  override up(): void {
    this.addSql(`
      alter table mails drop constraint mails_state_check,
        add constraint mails_state_check check (state in ('pending', 'sent', 'kept', 'withheld'))`)
    this.addSql(`create index mails_recipient_created_at_index on mails (recipient, created_at)`)
  }
}
