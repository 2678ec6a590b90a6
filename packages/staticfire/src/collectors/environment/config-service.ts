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

/** `this.config.get(name)`: the expression that names the variable, when it is no literal. */
export const askedByParameter = (names: Names, spot: Spot, call: Call): Expr | undefined =>
  call.args[0]?.k === 'ref' && isConfigService(names, spot, call) ? call.args[0] : undefined;

const typeOf = (names: Names, spot: Spot, index: number): string | undefined =>
  names.model.get(spot.file)?.summary.functions[spot.fn]?.params[index]?.type?.match(/^\w+/)?.[0];
