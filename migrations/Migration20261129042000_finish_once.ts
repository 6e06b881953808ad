import { Migration } from '@mikro-orm/migrations'

/** A step that would finish a task which another worker has finished must not be committed: the last statement of a step asks this. */
export class Migration20261129042000_finish_once extends Migration {
  override name = 'Migration20261129042000_finish_once'

  override up(): void {
    this.addSql(`create function finish_once(finished bigint) returns bigint language plpgsql as $$
      begin
        if finished = 0 then raise exception 'the task is done already' using errcode = 'OM001'; end if;
        return finished;
      end $$`)
  }
}
