import type { Value } from '../running/values.ts';
import { Router } from '../routing/router.ts';

/** A plugin that shares its parent's scope. */
export interface Plugin {
  readonly of: Value;
}

/** The scope of a plugin; decorations of those around it are seen. */
export class Scope extends Router {
  readonly decorations: Map<string, Value>;

  constructor(parent: Scope | undefined) {
    super();
    this.decorations = parent?.decorations ?? new Map();
  }
}
