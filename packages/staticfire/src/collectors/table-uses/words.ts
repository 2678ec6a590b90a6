import type { Deed } from '../../facts/table-uses.ts';

/** What a method of a library does to rows, by its name. */
export function deedOf(name: string): Deed | undefined {
  return deeds.get(name);
}

const deeds: ReadonlyMap<string, Deed> = new Map(
  (
    [
      [
        'read',
        'findUnique findUniqueOrThrow findFirst findFirstOrThrow findMany aggregate groupBy count find findOne findOneOrFail findBy findOneBy findOneByOrFail findAndCount findAll findAndCountAll findByPk findById findOneOrThrow exists exist select selectFrom lean scan query paginate',
      ],
      [
        'create',
        'create createMany createManyAndReturn insert insertMany insertOne insertInto bulkCreate save upsert createOne persist persistAndFlush nativeInsert',
      ],
      [
        'update',
        'update updateMany updateManyAndReturn updateOne updateTable findByIdAndUpdate findOneAndUpdate replaceOne findOneAndReplace nativeUpdate increment decrement',
      ],
      [
        'delete',
        'delete deleteMany deleteOne deleteFrom del remove destroy truncate findByIdAndDelete findByIdAndRemove findOneAndDelete findOneAndRemove nativeDelete removeAndFlush softDelete softRemove softDeleteById clear',
      ],
    ] as const
  ).flatMap(([deed, names]) => names.split(' ').map((name): [string, Deed] => [name, deed])),
);

export const isSoft = (name: string): boolean => /^soft(?:Delete|Remove)/.test(name);
