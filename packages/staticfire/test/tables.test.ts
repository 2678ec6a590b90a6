import { describe, expect, it } from 'vitest';
import { sitesOf, type FileSites } from '../src/code/sites.ts';
import { drizzleTables } from '../src/collectors/tables/drizzle.ts';
import { entityTables } from '../src/collectors/tables/entities.ts';
import { builtTables } from '../src/collectors/tables/knex.ts';
import { mongooseTables, sequelizeTables } from '../src/collectors/tables/models.ts';
import { sqlTables } from '../src/collectors/tables/sql.ts';
import type { Table } from '../src/facts/tables.ts';
import { linked } from './linked.ts';

const said = (list: readonly Table[]): string[] =>
  list.map((table) =>
    [
      `${table.name}=${table.table}`,
      ...table.columns.map((one) => `${one.column}:${one.type}${one.optional ? '?' : ''}`),
      ...table.references.map((one) => `${one.columns.join()}>${one.to}:${one.onDelete}`),
      ...table.indexes.map((one) => `[${one.columns.join()}]${one.unique ? '!' : ''}${one.expires ? ' expires' : ''}`),
    ].join(' '),
  );

function read(text: string): { model: ReturnType<typeof linked>; sites: FileSites } {
  const model = linked({ 'a.ts': text });
  const summary = model.get('a.ts')?.summary;
  if (!summary) throw new Error('not linked');
  return { model, sites: sitesOf('a.ts', summary, new Set()) };
}

describe('tables', () => {
  it('of drizzle: columns, references and indexes, spread columns included', () => {
    const { model, sites } = read(
      `import { pgTable, text, timestamp, index } from 'drizzle-orm';
       const stamps = { createdAt: timestamp('created_at').notNull() };
       export const people = pgTable('people', { id: text('id').primaryKey(), email: text().unique(), ...stamps });
       export const notes = pgTable('notes', {
         ownerId: text('owner_id').references(() => people.id, { onDelete: 'cascade' }),
       }, (t) => [index('x').on(t.ownerId)]);`,
    );
    expect(said(drizzleTables(model, 'a.ts', sites))).toEqual([
      'people=people id:text email:text? created_at:timestamp [id]! [email]!',
      'notes=notes owner_id:text? ownerId>people:cascade [ownerId]',
    ]);
  });

  it('of decorated classes, base classes included', () => {
    const { model } = read(
      `import { Entity, Column, PrimaryGeneratedColumn, ManyToOne, Index } from 'typeorm';
       class Base { @PrimaryGeneratedColumn() id: number; }
       @Entity('people') @Index(['email']) export class Person extends Base {
         @Column({ name: 'e_mail', nullable: true }) email: string;
         @ManyToOne(() => Team, { onDelete: 'SET NULL' }) team: Team;
       }
       class NoTable { @Column() x: string; }`,
    );
    expect(said(entityTables(model, 'a.ts'))).toEqual([
      'Person=people e_mail:string? id:number team>Team:set-null [id]! [email]',
    ]);
  });

  it('of Mongoose, named after their model, with an index that expires', () => {
    const { model, sites } = read(
      `import { Schema, model } from 'mongoose';
       const logSchema = new Schema({ ip: String, user: { type: Schema.Types.ObjectId, ref: 'User', required: true } }, { timestamps: true });
       logSchema.index({ createdAt: 1 }, { expireAfterSeconds: 86400 });
       export const Log = model('Log', logSchema);`,
    );
    const models = sites.calls.filter((call) => call.name === 'model');
    expect(said(mongooseTables(model, 'a.ts', sites, () => models))).toEqual([
      'Log=Log ip:String? user:ObjectId createdAt:Date updatedAt:Date user>User:default [createdAt] expires',
    ]);
  });

  it('of Sequelize', () => {
    const { model, sites } = read(
      `import { DataTypes, Model } from 'sequelize';
       class Person extends Model {}
       Person.init({ email: { type: DataTypes.STRING, allowNull: false, field: 'e_mail' } }, { sequelize, tableName: 'people' });
       editor.init({ theme: 'dark' });`,
    );
    expect(said(sequelizeTables(model, 'a.ts', sites))).toEqual(['Person=people e_mail:STRING']);
  });

  it('of a builder in a migration', () => {
    const { model, sites } = read(
      `export async function up(knex) {
         await knex.schema.createTable('visits', (t) => { t.increments('id'); t.string('ip', 45); t.index('ip'); t.timestamps(true, true); });
       }`,
    );
    expect(said(builtTables(model, 'a.ts', sites))).toEqual([
      'visits=visits id:increments? ip:string? created_at:timestamps? updated_at:timestamps?',
    ]);
  });

  it('of SQL, as they stand after the last statement', () => {
    const text = `-- create table ghost (id int);
      CREATE TABLE IF NOT EXISTS public."people" (
        id uuid PRIMARY KEY, email varchar(255) NOT NULL, score numeric(10, 2) DEFAULT 0,
        team_id int REFERENCES teams(id) ON DELETE SET NULL,
        CONSTRAINT one UNIQUE (email, team_id)
      );
      CREATE TABLE old (id int);
      ALTER TABLE people ADD COLUMN ip inet, DROP COLUMN score;
      CREATE INDEX CONCURRENTLY people_ip ON people USING btree (ip, lower(email));
      DROP TABLE old;`;
    expect(said(sqlTables([{ file: 'a.sql', text }]))).toEqual([
      'people=people id:uuid email:varchar(255) team_id:int? ip:inet? team_id>teams:set-null [id]! [email,team_id]! [ip]',
    ]);
  });
});
