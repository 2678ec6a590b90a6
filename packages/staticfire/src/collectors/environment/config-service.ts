import type { Expr } from '../../code/summary.ts';
import type { Names, Spot } from './names.ts';
import { receiverOf, verbOf } from './techniques.ts';

export type Call = Extract<Expr, { k: 'call' }>;

/** Does the call ask the ConfigService of NestJS? */
export function isConfigService(names: Names, spot: Spot, call: Call): boolean {
  if (!/^(?:get|getOrThrow)$/.test(verbOf(call.callee))) return false;
  const found = names.resolve(spot, call.callee);
  if (found?.k === 'package') return found.name === '@nestjs/config' && found.rest.startsWith('ConfigService');
  const receiver = receiverOf(call.callee);
  if (found?.k === 'param') return typeOf(names, found, found.index) === 'ConfigService';
  const named = receiver?.k === 'ref' && /config(?:Service)?$/i.test(receiver.path);
  return named === true && (names.model.get(spot.file)?.head.imports.some((i) => i.from === '@nestjs/config') ?? false);
}

const typeOf = (names: Names, spot: Spot, index: number): string | undefined =>
  names.model.get(spot.file)?.summary.functions[spot.fn]?.params[index]?.type?.match(/^\w+/)?.[0];
